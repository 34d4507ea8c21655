using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

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
        Of("HardSigmoid", [7, 22], Attr.Float("alpha", 0.2f), Attr.Float("beta", 0.5f)) with
        {
            Traits = Fused, Decomposition = Formula.Decomposition(HardSigmoid),
        },
        Of("ThresholdedRelu", [10, 22], Attr.Float("alpha", 1)) with
        {
            Decomposition = Formula.Decomposition(f =>
                f.Becomes("Where", f.Of("Greater", f.X, f.Number(f.Float("alpha"))), f.X, f.Number(0))),
        },
        Of("Elu", [7, 22], Attr.Float("alpha", 1)) with { Decomposition = Formula.Decomposition(Elu) },
        Of("Celu", [12], Attr.Float("alpha", 1)) with { Decomposition = Formula.Decomposition(Celu) },
        Of("Selu", [7, 22], Attr.Float("alpha", 1.67326319f), Attr.Float("gamma", 1.05070102f)) with
        {
            Decomposition = Formula.Decomposition(f =>
                f.Becomes("Mul", f.NodeOf("Elu", f.X).With("alpha", f.Float("alpha")).Output, f.Number(f.Float("gamma")))),
        },
        Of("Softplus", [7, 22]) with { Decomposition = Formula.Decomposition(Softplus) },
        Of("Softsign", [7, 22]) with
        {
            Decomposition = Formula.Decomposition(f => f.Becomes("Div", f.X, f.Of("Add", f.Of("Abs", f.X), f.Number(1)))),
        },
        Of("HardSwish", [14, 22]) with { Decomposition = HardSwish },
        Of("Swish", [24], Attr.Float("alpha", 1)) with { Decomposition = Swish },
        Of("Mish", [18, 22]) with { Decomposition = Mish },
        Of("Gelu", [20], Attr.Text("approximate", "none", "none", "tanh")) with { Decomposition = Gelu },
        new("Shrink", new OperatorForm([In.T("X", TypeSet.Numbers)], Attr.Float("lambd", 0.5f), Attr.Float("bias", 0)))
        {
            Traits = Traits.Unary, Shape = SharedShapes.Same, Versions = [9], Decomposition = Formula.Decomposition(Shrink),
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
    private static void SlopePerChannel(RewriteStep step)
    {
        if (step.ShapeOf(step.Node.Input(1)) is not { Rank: 1 } slope || slope[0] == Dim.Known(1))
            return;
        if (step.ShapeOf(step.Node.Input(0)) is not { Rank: >= 2 } shape)
            throw step.Decline("its slopes run over the channels of a tensor whose rank is unknown");
        LegacyBroadcast.AppendAxes(step, 1, shape.Rank - 2);
    }

    private static void ClipBoundsToInputs(RewriteStep step)
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
    private static void Gelu(RewriteStep step)
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

    private static void HardSwish(RewriteStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var gate = step.Emit.Before(node, "HardSigmoid", "gate", x).With("alpha", 1f / 6).With("beta", 0.5f);
        step.Become("Mul", x, gate.Output);
    }

    private static void Mish(RewriteStep step)
    {
        var (node, x) = (step.Node, step.Node.Input(0));
        var soft = step.Emit.Before(node, "Softplus", "softplus", x);
        var gate = step.Emit.Before(node, "Tanh", "gate", soft.Output);
        step.Become("Mul", x, gate.Output);
    }

    private static void Swish(RewriteStep step)
    {
        var (node, emit, x) = (step.Node, step.Emit, step.Node.Input(0));
        var alpha = step.Float("alpha");
        var scaled = alpha == 1 ? x : emit.Before(node, "Mul", "scaled", x, step.Scalar("alpha", alpha, x)).Output;
        var gate = emit.Before(node, "Sigmoid", "gate", scaled);
        step.Become("Mul", x, gate.Output);
    }

    private static void HardSigmoid(Formula f)
    {
        var line = f.Of("Add", f.Of("Mul", f.X, f.Number(f.Float("alpha"))), f.Number(f.Float("beta")));
        f.Becomes("Clip", line, f.Number(0), f.Number(1));
    }

    // relu(x) + alpha·(exp(-relu(-x)) - 1): no exponential of a large number.
    private static void Elu(Formula f)
    {
        var below = f.Of("Sub", f.Of("Exp", f.Of("Neg", f.Of("Relu", f.Of("Neg", f.X)))), f.Number(1));
        f.Becomes("Add", f.Of("Relu", f.X), f.Of("Mul", below, f.Number(f.Float("alpha"))));
    }

    private static void Celu(Formula f)
    {
        var alpha = f.Number(f.Float("alpha"));
        f.Becomes("Mul", f.NodeOf("Elu", f.Of("Div", f.X, alpha)).With("alpha", 1f).Output, alpha);
    }

    // relu(x) + ln(1 + exp(-|x|)): no exponential of a large number.
    private static void Softplus(Formula f)
    {
        var power = f.Of("Exp", f.Of("Neg", f.Of("Abs", f.X)));
        f.Becomes("Add", f.Of("Relu", f.X), f.Of("Log", f.Of("Add", power, f.Number(1))));
    }

    private static void Shrink(Formula f)
    {
        var (bound, bias) = (f.Float("lambd"), f.Number(f.Float("bias")));
        var above = f.Of("Where", f.Of("Greater", f.X, f.Number(bound)), f.Of("Sub", f.X, bias), f.Number(0));
        f.Becomes("Where", f.Of("Less", f.X, f.Number(-bound)), f.Of("Add", f.X, bias), above);
    }
}
