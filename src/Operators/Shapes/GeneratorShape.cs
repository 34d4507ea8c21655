using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Random tensors of a written shape, or shaped like the input.</summary>
internal sealed class RandomShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } =
        ["RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"];

    public void Infer(ShapeContext context)
    {
        var op = context.Node.OpType;
        var fallback = op switch
        {
            "Multinomial" => ElementType.Int32,
            "RandomNormal" or "RandomUniform" => ElementType.Float,
            _ => context.Element(0),
        };
        var shape = op switch
        {
            "Multinomial" => new Shape(context.Shape(0) is { Rank: > 0 } x ? x[0] : Dim.Unknown, context.Int("sample_size", 1)),
            "RandomNormal" or "RandomUniform" => context.Ints("shape") is { } written ? Shape.Known(written) : null,
            _ => context.Shape(0),
        };
        context.Set(0, context.ElementAttribute("dtype", fallback), shape);
    }
}

/// <summary>EyeLike: shaped like the input.</summary>
internal sealed class EyeLikeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["EyeLike"];

    public void Infer(ShapeContext context) =>
        context.Set(0, context.ElementAttribute("dtype", context.Element(0)), context.Shape(0));
}

/// <summary>OneHot: a new axis as deep as the second input says.</summary>
internal sealed class OneHotShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["OneHot"];

    public void Infer(ShapeContext context)
    {
        context.Set(0, context.Element(2), null);
        if (context.Shape(0) is not { } indices)
            return;
        var depth = context.Dims(1) is [var one] ? one : Dim.Unknown;
        var axis = ShapeContext.Axis(context.Int("axis", -1), indices.Rank + 1);
        context.Set(0, context.Element(2), new Shape([.. indices.Take(axis), depth, .. indices.Skip(axis)]));
    }
}

/// <summary>NonZero: (rank, hits), the number of hits unknown.</summary>
internal sealed class NonZeroShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["NonZero"];

    public void Infer(ShapeContext context) =>
        context.Set(0, ElementType.Int64, new Shape(context.Shape(0)?.Rank ?? Dim.Unknown, Dim.Unknown));
}

/// <summary>Operators that pick a number of elements only the data decides.</summary>
internal sealed class SelectionShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Compress", "Unique", "NonMaxSuppression"];

    public void Infer(ShapeContext context)
    {
        if (context.Node.OpType == "NonMaxSuppression")
        {
            context.Set(0, ElementType.Int64, new Shape(Dim.Unknown, 3));
            return;
        }

        var axis = context.Node.Attributes.ContainsKey("axis") ? context.Int("axis", 0) : (long?)null;
        context.Set(axis is null ? ShapeContext.UnknownOf(1) : null);
        if (axis is not null && context.Shape(0) is { } shape)
            context.Set(shape.With(ShapeContext.Axis(axis.Value, shape.Rank), Dim.Unknown));
        for (var i = 1; i < context.Node.Outputs.Count; i++)
            context.Set(i, ElementType.Int64, ShapeContext.UnknownOf(1));
    }
}
