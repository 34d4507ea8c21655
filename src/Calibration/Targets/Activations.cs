using System.Runtime.CompilerServices;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Calibration.Targets;

/// <summary>Which operators are activations that a layer can be solved through.</summary>
internal static class Activations
{
    // Steeper ones jump.
    private const double Steepest = 8;
    private const double Reach = 8;
    private const double Step = 4e-4;
    private const int Samples = 32_000;

    private static readonly Dictionary<string, Func<Node, Func<Value, float[]>, Activation?>> Rectifiers = new()
    {
        ["Relu"] = (_, _) => new RectifierActivation([0]),
        ["LeakyRelu"] = (node, _) => new RectifierActivation([node.FloatOf("alpha")]),
        ["PRelu"] = (node, share) => node.Input(1)?.Initializer is null ? null : new RectifierActivation(share(node.Input(1)!)),
        ["Clip"] = (node, _) =>
            new ClipActivation(Bound(node.Input(1), float.NegativeInfinity), Bound(node.Input(2), float.PositiveInfinity)),
    };

    // Measured once for each node: a chain asks for every branch of every patch.
    private static readonly ConditionalWeakTable<Node, StrongBox<Activation?>> Measured = [];

    /// <summary>The activation a node computes, or null when it is none.</summary>
    /// <param name="node">The node.</param>
    /// <param name="share">A per-channel constant in the order of the channels at hand.</param>
    public static Activation? Of(Node node, Func<Value, float[]> share) => !node.IsStandard ? null
        : Rectifiers.TryGetValue(node.OpType, out var make) ? make(node, share) : Smooth(node);

    /// <summary>True for an operator that <see cref="Of"/> knows.</summary>
    public static bool IsActivation(Node node) =>
        node.IsStandard && (Rectifiers.ContainsKey(node.OpType) || Smooth(node) is not null);

    private static Activation? Smooth(Node node) => Measured.GetValue(node, n => new StrongBox<Activation?>(Measure(n))).Value;

    private static SmoothActivation? Measure(Node node)
    {
        // Arithmetic with constants is undone exactly (AffineStep).
        if (node.Inputs.Count != 1 || ScalarFunction<double>.Of(node) is not { } exact)
            return null;
        var steepest = Enumerable.Range(0, Samples + 1).Select(i => Reach * (2.0 * i / Samples - 1))
            .Max(x => Math.Abs(exact(x + Step) - exact(x - Step)) / (2 * Step));
        // Rounded up, as samples may miss the steepest place.
        return steepest <= Steepest
            ? new SmoothActivation(ScalarFunction<float>.Of(node)!, MathF.Ceiling((float)(steepest - Step) * 100) / 100) : null;
    }

    private static float Bound(Value? bound, float fallback) => bound?.Initializer is { } data ? data.ToFloats()[0] : fallback;
}
