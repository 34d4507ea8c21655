using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>GridSample: (N, C, spatial…) sampled at a grid (N, spatial…, axes).</summary>
internal sealed class GridSampleShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["GridSample"];

    public void Infer(ShapeContext context)
    {
        var x = context.Shape(0);
        var grid = context.Shape(1);
        context.Set(null);
        if ((x?.Rank ?? grid?.Rank) is not { } rank)
            return;
        ShapeContext.Require(rank >= 3 && (x is null || grid is null || grid.Rank == rank), $"grid {grid} doesn't fit data {x}");
        var spatial = grid?.Skip(1).SkipLast(1) ?? ShapeContext.UnknownOf(rank - 2);
        context.Set(new Shape([x?[0] ?? grid![0], x?[1] ?? Dim.Unknown, .. spatial]));
    }
}

/// <summary>AffineGrid: a grid of the spatial size given by the second input.</summary>
internal sealed class AffineGridShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["AffineGrid"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Dims(1) is { Length: > 2 } size)
            context.Set(new Shape([size[0], .. size.Skip(2), size.Length - 2]));
    }
}

/// <summary>RoiAlign and MaxRoiPool: (regions, C, height, width).</summary>
internal sealed class RoiPoolShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["RoiAlign", "MaxRoiPool"];

    public void Infer(ShapeContext context)
    {
        var pooled = context.Ints("pooled_shape") ?? [context.Int("output_height", 1), context.Int("output_width", 1)];
        ShapeContext.Require(pooled.Count == 2, "attribute 'pooled_shape' needs 2 entries");
        var regions = context.Shape(1) is { Rank: > 0 } rois ? rois[0] : Dim.Unknown;
        context.Set(new Shape(regions, context.Shape(0) is { Rank: > 1 } x ? x[1] : Dim.Unknown, pooled[0], pooled[1]));
    }
}

/// <summary>Col2Im: columns put back into an image of the size given by the second input.</summary>
internal sealed class Col2ImShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Col2Im"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Dims(1) is not { } image)
            return;
        var x = context.Shape(0);
        ShapeContext.Require(x is null || x.Rank == 3, $"it takes columns (N, C·block, L), not {x}");
        var block = context.Numbers(2)?.Aggregate(1L, (product, size) => product * size) ?? 0;
        context.Set(new Shape([x?[0] ?? Dim.Unknown, x?[1].FloorDivide(block) ?? Dim.Unknown, .. image]));
    }
}
