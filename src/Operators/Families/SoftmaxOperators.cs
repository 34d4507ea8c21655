using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators.Versions;
using static MsSrConvert.Operators.Versions.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Softmax and its like: each element from all those along an axis.</summary>
internal static class SoftmaxOperators
{
    private const int SingleAxis = 13;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } = [Of("Softmax"), Of("LogSoftmax"), Of("Hardmax")];

    private static Operator Of(string name) => new(name, Form(axis: 1), Form(axis: -1) with { Since = SingleAxis })
    {
        Traits = Traits.AlongAxis,
        Shape = SharedShapes.Same,
        Versions = [7, 11, Breaking(SingleAxis, Flatten)],
    };

    private static OperatorForm Form(long axis) => new([In.T("X", TypeSet.Floats)], Attr.Axis(fallback: axis));

    // Before opset 13 the axes from `axis` on were taken as one; from 13 on it is a single axis.
    private static void Flatten(RespellStep step)
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
}
