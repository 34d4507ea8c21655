using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that reduce axes to one element, and those that keep the sum or product so far.</summary>
internal static class ReductionOperators
{
    private const int SumAxesAsInput = 13;
    private const int AxesAsInput = 18;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Reduce("ReduceSum", SumAxesAsInput, [7, 11, Breaking(SumAxesAsInput, RewriteStep.AxesToInput)], (a, b) => a + b),
        Reduce("ReduceMax", AxesAsInput, [7, 11, 12, 13, MovedAxes, 20], Scalar.Max),
        Reduce("ReduceMin", AxesAsInput, [7, 11, 12, 13, MovedAxes, 20], Scalar.Min),
        Reduce("ReduceProd", AxesAsInput, [7, 11, 13, MovedAxes], (a, b) => a * b),
        Reduce("ReduceMean", AxesAsInput, [7, 11, 13, MovedAxes]),
        Reduce("ReduceL1", f => f.Becomes("Identity", f.ReduceAlike("ReduceSum", f.Of("Abs", f.X)))),
        Reduce("ReduceL2", f => f.Becomes("Sqrt", f.ReduceAlike("ReduceSum", f.Of("Mul", f.X, f.X)))),
        Reduce("ReduceSumSquare", f => f.Becomes("Identity", f.ReduceAlike("ReduceSum", f.Of("Mul", f.X, f.X)))),
        Reduce("ReduceLogSum", f => f.Becomes("Log", f.ReduceAlike("ReduceSum", f.X))),
        Reduce("ReduceLogSumExp", LogSumExp),
        Cumulative("CumSum", [11, 14]), Cumulative("CumProd", [26]),
        Arg("ArgMax"), Arg("ArgMin"),
    ];

    private static OperatorVersion MovedAxes => Breaking(AxesAsInput, RewriteStep.AxesToInput, AxesToAttribute);

    private static In Data => In.T("data", TypeSet.Numbers | TypeSet.Bool);

    /// <summary>True where a reduction of an opset takes its axes as an input, not as an attribute.</summary>
    public static bool TakesAxesAsInput(string opType, long opset) => OperatorTable.Find(opType)?.FormAt(opset)?.MaxInputs > 1;

    private static Operator Reduce(
        string name, int axesAsInput, IReadOnlyList<OperatorVersion> versions, Func<Scalar, Scalar, Scalar>? operation = null) =>
        new(name, new([Data], Attr.Ints("axes"), Attr.Flag("keepdims", 1)),
            new([Data, In.List("axes").Optional()],
                Attr.Flag("keepdims", 1), Attr.Flag("noop_with_empty_axes").Added(axesAsInput))
            {
                Since = axesAsInput,
            })
        {
            Traits = Traits.Reduction,
            Shape = context => InferReduction(context, operation),
            Versions = versions,
        };

    private static Operator Reduce(string name, Action<Formula> formula) =>
        Reduce(name, AxesAsInput, [7, 11, 13, MovedAxes]) with { Decomposition = Formula.Decomposition(formula) };

    private static Operator Cumulative(string name, IReadOnlyList<OperatorVersion> versions) => new(name, new OperatorForm(
        [In.T("x", TypeSet.Numbers), In.Single("axis", TypeSet.Index)], Attr.Flag("exclusive"), Attr.Flag("reverse")))
    {
        Traits = Traits.WholeMap,
        Shape = SharedShapes.Same,
        Versions = versions,
    };

    private static Operator Arg(string name) => new(name, new OperatorForm(
        [Data], Attr.Axis(fallback: 0), Attr.Flag("keepdims", 1), Attr.Flag("select_last_index")))
    {
        Traits = Traits.AlongAxis,
        Shape = InferArg,
        Versions = [7, 11, 12, 13],
    };

    // Reductions over axes given by an attribute or (opset 13 and 18 on) an input; over all where none are given.
    private static void InferReduction(ShapeContext context, Func<Scalar, Scalar, Scalar>? operation)
    {
        var keep = context.IntOf("keepdims") != 0;
        var shape = context.Shape(0);
        var given = context.Has(1) ? context.Numbers(1) : context.Ints("axes") ?? [];
        context.Set(null);
        if (given is null)
        {
            if (shape is not null && (keep || context.Shape(1) is [{ IsKnown: true }]))
                context.Set(ShapeContext.UnknownOf(shape.Rank - (keep ? 0 : context.Shape(1)![0].Offset)));
            return;
        }

        if (given.Count == 0 && context.IntOf("noop_with_empty_axes") != 0)
        {
            context.Set(shape);
            return;
        }

        if (shape is null)
        {
            if (!keep && given.Count == 0)
                context.Set(new Shape());
            return;
        }

        var axes = given.Count == 0 ? [.. Enumerable.Range(0, shape.Rank)] : ShapeContext.Axes(given, shape.Rank);
        context.Set(Reduced(shape, axes, keep));
        if (shape.Rank == 1 && operation is not null && context.Content(0) is { Length: > 0 } content)
            context.SetContent(0, [content.Aggregate(operation)]);
    }

    // The shape without the axes, or with them as 1.
    private static Shape Reduced(Shape shape, int[] axes, bool keep) => keep
        ? new Shape(shape.Select((d, i) => axes.Contains(i) ? 1 : d))
        : new Shape(shape.Where((_, i) => !axes.Contains(i)));

    // ArgMax and ArgMin: indices along one axis.
    private static void InferArg(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, null);
        if (context.Shape(0) is not { } shape)
            return;
        var axis = ShapeContext.Axis(context.IntOf("axis"), shape.Rank);
        context.Set(0, ElementType.Int64, Reduced(shape, [axis], context.IntOf("keepdims") != 0));
    }

    private static void AxesToAttribute(RewriteStep step)
    {
        var node = step.Node;
        if (node.Input(1) is not null)
        {
            var axes = node.Input(1).ConstantInts() ?? throw step.Decline("its axes aren't constant");
            if (axes.Length > 0)
                node.With("axes", axes);
        }

        node.TruncateInputs(1);
    }

    // Less the largest number, which is added again: no exponential grows beyond 1.
    private static void LogSumExp(Formula f)
    {
        var below = f.Of("Sub", f.X, f.ReduceAlike("ReduceMax", f.X, keepAxes: true));
        f.Becomes("Add", f.Of("Log", f.ReduceAlike("ReduceSum", f.Of("Exp", below))), f.ReduceAlike("ReduceMax", f.X));
    }
}
