using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators.Versions;
using static MsSrConvert.Operators.Versions.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Activations: each element from the one at the same place.</summary>
internal static class ActivationOperators
{
    private const Traits Fused = Traits.Unary | Traits.FusedIntoConv;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Relu", OfFloats(), new([In.T("X", TypeSet.SignedNumbers)]) { Since = 14 })
        {
            Traits = Fused, Shape = SharedShapes.Same, Versions = [7, 13, new(14) { NewTypes = TypeSet.SmallIntegers }],
        },
        Of("LeakyRelu", [7, 16], Attr.Float("alpha", 0.01f)) with { Traits = Fused },
        Of("Sigmoid", [7, 13]) with { Traits = Fused },
        Of("Tanh", [7, 13]) with { Traits = Fused },
        Of("HardSigmoid", [7, 22], Attr.Float("alpha", 0.2f), Attr.Float("beta", 0.5f)) with { Traits = Fused },
        Of("ThresholdedRelu", [10, 22], Attr.Float("alpha", 1)),
        Of("Elu", [7, 22], Attr.Float("alpha", 1)),
        Of("Celu", [12], Attr.Float("alpha", 1)),
        Of("Selu", [7, 22], Attr.Float("alpha", 1.67326319f), Attr.Float("gamma", 1.05070102f)),
        Of("Softplus", [7, 22]),
        Of("Softsign", [7, 22]),
        Of("HardSwish", [14, 22]) with { Decomposition = HardSwish },
        Of("Swish", [24], Attr.Float("alpha", 1)) with { Decomposition = Swish },
        Of("Mish", [18, 22]) with { Decomposition = Mish },
        Of("Gelu", [20], Attr.Text("approximate", "none", "none", "tanh")) with { Decomposition = Gelu },
        new("Shrink", new OperatorForm([In.T("X", TypeSet.Numbers)], Attr.Float("lambd", 0.5f), Attr.Float("bias", 0)))
        {
            Traits = Traits.Unary, Shape = SharedShapes.Same, Versions = [9],
        },
        new("PRelu", new([In.T("X", TypeSet.Floats), In.T("slope", TypeSet.Floats)]),
            new([In.T("X", TypeSet.Numbers), In.T("slope", TypeSet.Numbers)]) { Since = 9 })
        {
            Traits = Traits.PerChannel,
            Shape = SharedShapes.Same,
            Versions = [new(7) { Upgrade = SlopePerChannel }, 9, 16],
        },
        new("Clip", new([In.T("input", TypeSet.Floats)], Attr.Float("min"), Attr.Float("max")),
            new([In.T("input", TypeSet.Floats), Bound("min"), Bound("max")]) { Since = 11 },
            new([In.T("input", TypeSet.Numbers), Bound("min"), Bound("max")]) { Since = 12 })
        {
            Traits = Fused,
            Shape = SharedShapes.Same,
            Versions = [7, Breaking(11, ClipBoundsToInputs), 12, 13],
        },
    ];

    private static Operator Of(string name, IReadOnlyList<OperatorVersion> versions, params IReadOnlyList<Attr> attributes) =>
        new(name, OfFloats(attributes)) { Traits = Traits.Unary, Shape = SharedShapes.Same, Versions = versions };

    private static OperatorForm OfFloats(params IReadOnlyList<Attr> attributes) => new([In.T("X", TypeSet.Floats)], attributes);

    private static In Bound(string name) => In.T(name, TypeSet.Numbers).Rank(0, 1).Optional();

    // A list of slopes runs over the channels, axis 1.
    private static void SlopePerChannel(RespellStep step)
    {
        if (step.ShapeOf(step.Node.Input(1)) is not { Rank: 1 } slope || slope[0] == Dim.Known(1))
            return;
        if (step.ShapeOf(step.Node.Input(0)) is not { Rank: >= 2 } shape)
            throw step.Decline("its slopes run over the channels of a tensor whose rank is unknown");
        LegacyBroadcast.AppendAxes(step, 1, shape.Rank - 2);
    }

    private static void ClipBoundsToInputs(RespellStep step)
    {
        var node = step.Node;
        foreach (var (name, index) in new[] { ("min", 1), ("max", 2) })
        {
            if (node.TryAttribute<FloatAttribute>(name, out var bound))
                node.SetInput(index, step.Scalar(name, bound.Value, node.Input(0)));
            node.Attributes.Remove(name);
        }
    }

    // x * (1 + erf(x / sqrt 2)) / 2, or with the tanh of a cubic in place of erf.
    private static void Gelu(RespellStep step)
    {
        var (node, emit, x) = (step.Node, step.Emit, step.Node.Input(0));
        Value curve;
        if (step.Text("approximate") == "tanh")
        {
            var square = emit.Before(node, "Mul", "square", x, x);
            var cube = emit.Before(node, "Mul", "cube", square.Output, x);
            var small = emit.Before(node, "Mul", "cubic", cube.Output, step.Scalar("cubic_factor", 0.044715, x));
            var sum = emit.Before(node, "Add", "sum", x, small.Output);
            var scaled = emit.Before(node, "Mul", "scaled", sum.Output, step.Scalar("sqrt_2_by_pi", Math.Sqrt(2 / Math.PI), x));
            curve = emit.Before(node, "Tanh", "tanh", scaled.Output).Output;
        }
        else
        {
            var scaled = emit.Before(node, "Mul", "scaled", x, step.Scalar("sqrt_half", Math.Sqrt(0.5), x));
            curve = emit.Before(node, "Erf", "erf", scaled.Output).Output;
        }

        var gate = emit.Before(node, "Add", "gate", curve, step.Scalar("one", 1, x));
        var half = emit.Before(node, "Mul", "half", x, step.Scalar("half_factor", 0.5, x));
        step.Become("Mul", half.Output, gate.Output);
    }

    private static void HardSwish(RespellStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var gate = step.Emit.Before(node, "HardSigmoid", "gate", x).With("alpha", 1f / 6).With("beta", 0.5f);
        step.Become("Mul", x, gate.Output);
    }

    private static void Mish(RespellStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var soft = step.Emit.Before(node, "Softplus", "softplus", x);
        var gate = step.Emit.Before(node, "Tanh", "gate", soft.Output);
        step.Become("Mul", x, gate.Output);
    }

    private static void Swish(RespellStep step)
    {
        var (node, emit, x) = (step.Node, step.Emit, step.Node.Input(0));
        var alpha = step.Float("alpha");
        var scaled = alpha == 1 ? x : emit.Before(node, "Mul", "scaled", x, step.Scalar("alpha", alpha, x)).Output;
        var gate = emit.Before(node, "Sigmoid", "gate", scaled);
        step.Become("Mul", x, gate.Output);
    }
}
