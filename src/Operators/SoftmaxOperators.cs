using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Softmax and its like: each element from all those along an axis.</summary>
internal static class SoftmaxOperators
{
    private const int SingleAxis = 13;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Of("Softmax") with { Decomposition = Formula.Decomposition(Softmax) },
        Of("LogSoftmax") with { Decomposition = Formula.Decomposition(LogSoftmax) },
        Of("Hardmax"),
    ];

    private static Operator Of(string name) => new(name, Form(axis: 1), Form(axis: -1) with { Since = SingleAxis })
    {
        Traits = Traits.AlongAxis,
        Shape = SharedShapes.Same,
        Versions = [7, 11, Breaking(SingleAxis, Flatten)],
    };

    private static OperatorForm Form(long axis) => new([In.T("X", TypeSet.Floats)], Attr.Axis(fallback: axis));

    // Before opset 13 the axes from `axis` on were taken as one; from 13 on it is a single axis.
    private static void Flatten(RewriteStep step)
    {
        var node = step.Node;
        var axis = step.Int("axis");
        var input = node.Input(0);
        if (step.ShapeOf(input) is { } shape)
        {
            var front = Constants.FromFront(axis, shape.Rank);
            if (shape.Skip(front + 1).All(d => d == Dim.Known(1)))
            {
                node.With("axis", front == shape.Rank - 1 ? -1 : front);
                return;
            }
        }

        var size = step.Emit.Before(node, "Shape", "shape", input);
        var flat = step.Emit.Before(node, "Flatten", "flat", input).With("axis", axis);
        node.SetInput(0, flat.Output);
        node.With("axis", -1);
        var restore = step.Emit.Make(node, "Reshape", "restore", node.Output, size.Output);
        GraphEdits.InsertBehind(node, node.Output, restore);
    }

    // With its largest number at 0 no exponential grows beyond 1.
    private static Value BelowZero(Formula f) => f.Of("Sub", f.X, f.Reduce("ReduceMax", f.X, f.Int("axis")));

    private static void Softmax(Formula f)
    {
        var powers = f.Of("Exp", BelowZero(f));
        f.Becomes("Div", powers, f.Reduce("ReduceSum", powers, f.Int("axis")));
    }

    private static void LogSoftmax(Formula f)
    {
        var below = BelowZero(f);
        f.Becomes("Sub", below, f.Of("Log", f.Reduce("ReduceSum", f.Of("Exp", below), f.Int("axis"))));
    }
}
