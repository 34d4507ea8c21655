using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Concat: the sizes along the axis add up, the others must agree.</summary>
internal sealed class ConcatShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Concat"];

    public void Infer(ShapeContext context)
    {
        var count = context.Node.Inputs.Count;
        var shapes = Enumerable.Range(0, count).Select(context.Shape).ToArray();
        context.Set(null);
        if (shapes.OfType<Shape>().FirstOrDefault() is not { } any)
            return;
        var axis = ShapeContext.Axis(context.Int("axis", 1), any.Rank);
        var merged = context.UnifyAll(shapes, axis)!;
        var sum = shapes.Aggregate(Dim.Known(0), (total, shape) => total + (shape?[axis] ?? Dim.Unknown));
        context.Set(merged.With(axis, sum));
        if (any.Rank == 1 && Array.TrueForAll(shapes, s => s is [{ IsKnown: true, Offset: >= 0 and <= Content.MaxElements }]))
            context.SetContent(0, [.. shapes.SelectMany((s, i) => context.Content(i) ?? new Scalar[s![0].Offset])]);
    }
}

/// <summary>Split by an attribute, by an input, or into equal parts.</summary>
internal sealed class SplitShape : IShapeRule
{
    private const long UnevenSince = 18;

    public IReadOnlyList<string> Operators { get; } = ["Split"];

    public void Infer(ShapeContext context)
    {
        var count = context.Node.Outputs.Count;
        var shape = context.Shape(0);
        for (var i = 0; i < count; i++)
            context.Set(i, context.Element(0), null);
        if (shape is null || count == 0)
            return;
        var axis = ShapeContext.Axis(context.Int("axis", 0), shape.Rank);
        var sizes = Given(context) ?? Equal(context, context.Has(1) ? Dim.Unknown : shape[axis], count);
        ShapeContext.Require(sizes.Length == count, $"it splits into {sizes.Length} parts but has {count} outputs");
        context.Unify(sizes.Aggregate(Dim.Known(0), (total, size) => total + size), shape[axis], "the parts' sum and the size");
        var content = shape.Rank == 1 ? context.Content(0) : null;
        var start = 0L;
        for (var i = 0; i < count; i++)
        {
            context.Set(i, context.Element(0), shape.With(axis, sizes[i]));
            if (content is null || !sizes[i].IsKnown || sizes[i].Offset < 0 || start + sizes[i].Offset > content.Length)
                content = null;
            else
                context.SetContent(i, content[(int)start..(int)(start += sizes[i].Offset)]);
        }
    }

    private static Dim[]? Given(ShapeContext context) =>
        context.Ints("split") is { } sizes ? [.. sizes.Select(Dim.Known)] : context.Dims(1);

    private static Dim[] Equal(ShapeContext context, Dim size, int count)
    {
        var part = size.CeilDivide(count);
        var last = size - part * (count - 1);
        if (part.IsKnown && last != part && context.Opset is > 0 and < UnevenSince)
            context.Report(ConflictKind.Provable, $"{size} doesn't split into {count} equal parts");
        return [.. Enumerable.Repeat(part, count - 1), last];
    }
}
