using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that sample maps at computed places, or put sampled columns back.</summary>
internal static class SamplingOperators
{
    private const string RegionCoordinates = "coordinate_transformation_mode";
    private const int GridModesRenamed = 20;
    private const int RegionCoordinatesAdded = 16;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("GridSample", Grid("bilinear"), Grid("linear") with { Since = GridModesRenamed })
        {
            Traits = Traits.WholeMap,
            Shape = InferGridSample,
            Versions = [16, Breaking(GridModesRenamed, ModesToOpset20, ModesToOpset16), 22],
        },
        new("AffineGrid", new OperatorForm(
            [In.Of("theta", TypeSet.Floats).Rank(3, 3), In.List("size").Rank(1, 1)], Attr.Flag("align_corners")))
        {
            Shape = InferAffineGrid,
            Versions = [20],
        },
        new("RoiAlign", Regions(), Regions(Attr.Text(RegionCoordinates, "half_pixel")) with { Since = RegionCoordinatesAdded })
        {
            Traits = Traits.WholeMap,
            Shape = InferRegions,
            Versions = [10, Breaking(RegionCoordinatesAdded, KeepRoiCoordinates, RoiCoordinates), 22],
        },
        new("MaxRoiPool", new OperatorForm(
            [In.T("X", TypeSet.Floats).Rank(4, 4), In.T("rois", TypeSet.Floats).Rank(2, 2)],
            Attr.Ints("pooled_shape", min: 1).Required(), Attr.Float("spatial_scale", 1)))
        {
            Traits = Traits.WholeMap,
            Shape = InferRegions,
            Versions = [7, 22],
        },
        new("Col2Im", new OperatorForm(
            [In.T("input", TypeSet.Any).Rank(3, 3), In.List("image_shape").Rank(1, 1), In.List("block_shape").Rank(1, 1)],
            Attr.Ints("strides", min: 1), Attr.Ints("dilations", min: 1), Attr.Ints("pads", min: 0)))
        {
            Traits = Traits.WholeMap,
            Shape = InferCol2Im,
            Versions = [18],
        },
    ];

    private static OperatorForm Grid(string mode) => new(
        [In.Of("X", TypeSet.Any).Rank(3), In.Of("grid", TypeSet.Floats).Rank(3)],
        Attr.Text("mode", mode, "linear", "bilinear", "nearest", "cubic", "bicubic"),
        Attr.Text("padding_mode", "zeros", "zeros", "border", "reflection"), Attr.Flag("align_corners"));

    private static OperatorForm Regions(params IReadOnlyList<Attr> attributes) => new(
        [In.T("X", TypeSet.Floats).Rank(4, 4), In.T("rois", TypeSet.Floats).Rank(2, 2), In.List("batch_indices").Rank(1, 1)],
        [
            Attr.Int("output_height", 1, min: 1), Attr.Int("output_width", 1, min: 1), Attr.Int("sampling_ratio", 0, min: 0),
            .. attributes,
        ]);

    // GridSample: (N, C, spatial…) sampled at a grid (N, spatial…, axes).
    private static void InferGridSample(ShapeContext context)
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

    // AffineGrid: a grid of the spatial size given by the second input.
    private static void InferAffineGrid(ShapeContext context)
    {
        context.Set(null);
        if (context.Dims(1) is { Length: > 2 } size)
            context.Set(new Shape([size[0], .. size.Skip(2), size.Length - 2]));
    }

    // RoiAlign and MaxRoiPool: (regions, C, height, width).
    private static void InferRegions(ShapeContext context)
    {
        var pooled = context.Ints("pooled_shape") ?? [context.IntOf("output_height"), context.IntOf("output_width")];
        ShapeContext.Require(pooled.Count == 2, "attribute 'pooled_shape' needs 2 entries");
        var regions = context.Shape(1) is { Rank: > 0 } rois ? rois[0] : Dim.Unknown;
        context.Set(new Shape(regions, context.Shape(0) is { Rank: > 1 } x ? x[1] : Dim.Unknown, pooled[0], pooled[1]));
    }

    // Col2Im: columns put back into an image of the size given by the second input.
    private static void InferCol2Im(ShapeContext context)
    {
        context.Set(null);
        if (context.Dims(1) is not { } image)
            return;
        var x = context.Shape(0);
        ShapeContext.Require(x is null || x.Rank == 3, $"it takes columns (N, C·block, L), not {x}");
        var block = context.Numbers(2)?.Aggregate(1L, (product, size) => product * size) ?? 0;
        context.Set(new Shape([x?[0] ?? Dim.Unknown, x?[1].FloorDivide(block) ?? Dim.Unknown, .. image]));
    }

    private static void ModesToOpset20(RewriteStep step) => step.Node.With("mode", step.Text("mode") switch
    {
        "bilinear" => "linear",
        "bicubic" => "cubic",
        var other => other,
    });

    private static void ModesToOpset16(RewriteStep step)
    {
        if (step.ShapeOf(step.Node.Input(0)) is { Rank: not 4 })
            throw step.Decline("it samples tensors of other than two spatial axes");
        step.Node.With("mode", step.Text("mode") switch
        {
            "linear" => "bilinear",
            "cubic" => "bicubic",
            var other => other,
        });
    }

    private static void KeepRoiCoordinates(RewriteStep step)
    {
        if (!step.Node.Attributes.ContainsKey("coordinate_transformation_mode"))
            step.Node.With("coordinate_transformation_mode", "output_half_pixel");
    }

    private static void RoiCoordinates(RewriteStep step)
    {
        if (step.Text("coordinate_transformation_mode") != "output_half_pixel")
            throw step.Decline("before opset 16 the only coordinate mode was 'output_half_pixel'");
        step.Node.Attributes.Remove("coordinate_transformation_mode");
    }
}
