using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Reductions over axes given by an attribute or (opset 13 and 18 on) an input; over all where none are given.</summary>
internal sealed class ReduceShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } =
    [
        "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceLogSum",
        "ReduceLogSumExp", "ReduceSumSquare",
    ];

    public void Infer(ShapeContext context)
    {
        var keep = context.Int("keepdims", 1) != 0;
        var shape = context.Shape(0);
        var given = context.Has(1) ? context.Numbers(1) : context.Ints("axes") ?? [];
        context.Set(null);
        if (given is null)
        {
            if (shape is not null && (keep || context.Shape(1) is [{ IsKnown: true }]))
                context.Set(ShapeContext.UnknownOf(shape.Rank - (keep ? 0 : context.Shape(1)![0].Offset)));
            return;
        }

        if (given.Count == 0 && context.Int("noop_with_empty_axes", 0) != 0)
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
        if (shape.Rank == 1 && Operation(context.Node.OpType) is { } operation && context.Content(0) is { Length: > 0 } content)
            context.SetContent(0, [content.Aggregate(operation)]);
    }

    /// <summary>The shape without the axes, or with them as 1.</summary>
    public static Shape Reduced(Shape shape, int[] axes, bool keep) => keep
        ? new Shape(shape.Select((d, i) => axes.Contains(i) ? 1 : d))
        : new Shape(shape.Where((_, i) => !axes.Contains(i)));

    private static Func<Scalar, Scalar, Scalar>? Operation(string opType) => opType switch
    {
        "ReduceSum" => (a, b) => a + b,
        "ReduceProd" => (a, b) => a * b,
        "ReduceMax" => Scalar.Max,
        "ReduceMin" => Scalar.Min,
        _ => null,
    };
}

/// <summary>ArgMax and ArgMin: indices along one axis.</summary>
internal sealed class ArgReduceShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["ArgMax", "ArgMin"];

    public void Infer(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, null);
        if (context.Shape(0) is not { } shape)
            return;
        var axis = ShapeContext.Axis(context.Int("axis", 0), shape.Rank);
        context.Set(0, ElementType.Int64, ReduceShape.Reduced(shape, [axis], context.Int("keepdims", 1) != 0));
    }
}

/// <summary>TopK: values and indices of the k largest along one axis.</summary>
internal sealed class TopKShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["TopK"];

    public void Infer(ShapeContext context)
    {
        Shape? shape = null;
        if (context.Shape(0) is { } x)
        {
            var k = context.Has(1) ? context.Dims(1) is [var one] ? one : Dim.Unknown : context.Int("k", 1);
            shape = x.With(ShapeContext.Axis(context.Int("axis", -1), x.Rank), k);
        }

        context.Set(shape);
        context.Set(1, ElementType.Int64, shape);
    }
}

/// <summary>Det: the determinants of the last two axes.</summary>
internal sealed class DetShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Det"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } shape)
            return;
        ShapeContext.Require(shape.Rank >= 2, $"{shape} holds no matrices");
        context.Set(new Shape(shape.SkipLast(2)));
    }
}
