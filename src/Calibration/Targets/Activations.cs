using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Targets;

/// <summary>Which operators are activations that a layer can be solved through.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Node, Func<Value, float[]>, Activation?>> Known = new()
    {
        ["Relu"] = (_, _) => new RectifierActivation([0]),
        ["LeakyRelu"] = (node, _) => new RectifierActivation([node.GetFloat("alpha", 0.01f)]),
        ["PRelu"] = (node, share) => node.Input(1)?.Initializer is null ? null : new RectifierActivation(share(node.Input(1)!)),
        ["Clip"] = (node, _) => new ClipActivation(Bound(node.Input(1), float.NegativeInfinity), Bound(node.Input(2), float.PositiveInfinity)),
        ["HardSigmoid"] = (node, _) => Smooth(HardSigmoid(node.GetFloat("alpha", 0.2f), node.GetFloat("beta", 0.5f)), node.GetFloat("alpha", 0.2f)),
        ["Tanh"] = (_, _) => Smooth(MathF.Tanh, 1),
        ["Sigmoid"] = (_, _) => Smooth(Sigmoid, 0.25f),
        ["Softplus"] = (_, _) => Smooth(x => x > 20 ? x : MathF.Log(1 + MathF.Exp(x)), 1),
        ["Softsign"] = (_, _) => Smooth(x => x / (1 + MathF.Abs(x)), 1),
        ["Elu"] = (node, _) => Smooth(Elu(node.GetFloat("alpha", 1)), Math.Max(1, node.GetFloat("alpha", 1))),
        ["Celu"] = (node, _) => Smooth(x => x >= 0 ? x : node.GetFloat("alpha", 1) * (MathF.Exp(x / node.GetFloat("alpha", 1)) - 1), 1),
        ["Selu"] = (_, _) => Smooth(x => 1.0507f * (x >= 0 ? x : 1.67326f * (MathF.Exp(x) - 1)), 1.76f),
        ["Gelu"] = (_, _) => Smooth(x => x * Sigmoid(1.702f * x), 1.13f),
        ["HardSwish"] = (_, _) => Smooth(x => x * HardSigmoid(1 / 6f, 0.5f)(x), 1.5f),
        ["Mish"] = (_, _) => Smooth(x => x * MathF.Tanh(MathF.Log(1 + MathF.Exp(Math.Min(x, 20)))), 1.09f),
    };

    /// <summary>The activation a node computes, or null when it is none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="share">A per-channel constant in the order of the channels at hand.</param>
    public static Activation? Of(Node node, Func<Value, float[]> share) =>
        node.IsStandard && Known.TryGetValue(node.OpType, out var make) ? make(node, share) : null;

    /// <summary>True for an operator that <see cref="Of"/> knows.</summary>
    public static bool IsActivation(Node node) => node.IsStandard && Known.ContainsKey(node.OpType);

    private static SmoothActivation Smooth(Func<float, float> function, float steepest) => new(function, steepest);

    private static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    private static Func<float, float> HardSigmoid(float alpha, float beta) => x => Math.Clamp(alpha * x + beta, 0, 1);

    private static Func<float, float> Elu(float alpha) => x => x >= 0 ? x : alpha * (MathF.Exp(x) - 1);

    private static float Bound(Value? bound, float fallback) => bound?.Initializer is { } data ? data.ToFloats()[0] : fallback;
}
