using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that sample maps at other places.</summary>
internal static class ResamplingOperators
{
    private static readonly Attr[] Sampling =
    [
        Attr.Text("mode", "nearest", "nearest", "linear", "cubic"),
        Attr.Text("coordinate_transformation_mode", "half_pixel"),
        Attr.Text("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
        Attr.Float("cubic_coeff_a", -0.75f), Attr.Flag("exclude_outside"), Attr.Float("extrapolation_value", 0), Attr.Flag("antialias"),
        Attr.Ints("axes"), Attr.Text("keep_aspect_ratio_policy", "stretch", "stretch", "not_larger", "not_smaller"),
    ];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Resize")
        {
            Since = 10,
            Inputs = [In.Of("X", TypeSet.Any), Scales.Rank(1, 1)],
            Attributes = [Attr.Text("mode", "nearest", "nearest", "linear", "bilinear")],
            Relations = node => ScalesArePositive(node, 1),
        },
        new("Resize")
        {
            Since = 11,
            Inputs = [In.Of("X", TypeSet.Any), In.Of("roi", TypeSet.Floats).Optional(), Scales.Optional(), In.List("sizes").Optional()],
            Attributes = Sampling,
            Relations = CheckTarget,
        },
        new("Upsample") { Inputs = [In.Of("X", TypeSet.Any)], Attributes = [UpsampleMode] },
        new("Upsample")
        {
            Since = 9,
            Inputs = [In.Of("X", TypeSet.Any), Scales.Rank(1, 1)],
            Attributes = [UpsampleMode],
            Relations = node => ScalesArePositive(node, 1),
        },
        new("GridSample")
        {
            Inputs = [In.Of("X", TypeSet.Any).Rank(3), In.Of("grid", TypeSet.Floats).Rank(3)],
            Attributes =
            [
                Attr.Text("mode", "linear", "linear", "bilinear", "nearest", "cubic", "bicubic"),
                Attr.Text("padding_mode", "zeros", "zeros", "border", "reflection"), Attr.Flag("align_corners"),
            ],
        },
        new("AffineGrid") { Inputs = [In.Of("theta", TypeSet.Floats).Rank(3, 3), In.List("size").Rank(1, 1)], Attributes = [Attr.Flag("align_corners")] },
        new("RoiAlign")
        {
            Inputs = [In.T("X", TypeSet.Floats).Rank(4, 4), In.T("rois", TypeSet.Floats).Rank(2, 2), In.List("batch_indices").Rank(1, 1)],
            Attributes = [Attr.Int("output_height", 1, min: 1), Attr.Int("output_width", 1, min: 1), Attr.Int("sampling_ratio", 0, min: 0)],
        },
        new("Col2Im")
        {
            Inputs = [In.T("input", TypeSet.Any).Rank(3, 3), In.List("image_shape").Rank(1, 1), In.List("block_shape").Rank(1, 1)],
            Attributes = [Attr.Ints("strides", min: 1), Attr.Ints("dilations", min: 1), Attr.Ints("pads", min: 0)],
        },
    ];

    private static In Scales => In.Of("scales", TypeSet.Float);

    private static Attr UpsampleMode => Attr.Text("mode", "nearest", "nearest", "linear", "bilinear");

    // An absent target is spelled as an absent input or as an empty one.
    private static void CheckTarget(NodeOperands node)
    {
        ScalesArePositive(node, 2);
        if (node.Input(2) is null && node.Input(3) is null)
            node.RejectCount("it has neither 'scales' nor 'sizes'; Resize needs one of them");
    }

    private static void ScalesArePositive(NodeOperands node, int input)
    {
        foreach (var scale in node.Numbers(input)?.Where(s => !(s > 0)).Take(1) ?? [])
            node.RejectOperand($"{node.Name(input)} holds {scale}; a scale must be above 0");
    }
}
