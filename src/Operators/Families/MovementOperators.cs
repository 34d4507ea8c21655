using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that move elements without changing them.</summary>
internal static class MovementOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Concat") { Inputs = [In.T("inputs", TypeSet.Any).Variadic()], Attributes = [Attr.Axis(fallback: 1)] },
        new("Concat") { Since = 4, Inputs = [In.T("inputs", TypeSet.Any).Variadic()], Attributes = [Attr.Axis().Required()] },
        Split with { Inputs = [Data, In.T("split", TypeSet.Any).Optional()], Attributes = [Attr.Axis(fallback: 0), Attr.Ints("split", min: 0)] },
        Split with { Since = 2, Inputs = [Data], Attributes = [Attr.Axis(fallback: 0), Attr.Ints("split", min: 0)] },
        Split with { Since = 13, Attributes = [Attr.Axis(fallback: 0)] },
        Split with { Since = 18, Attributes = [Attr.Axis(fallback: 0), Attr.Int("num_outputs", min: 1)] },
        new("Slice") { Inputs = [Data], Attributes = [Attr.Ints("starts").Required(), Attr.Ints("ends").Required(), Attr.Ints("axes")] },
        new("Slice")
        {
            Since = 10,
            Inputs = [Data, Bounds("starts"), Bounds("ends"), Bounds("axes").Optional(), Bounds("steps").Optional()],
        },
        new("Pad") { Inputs = [Data], Attributes = [PadMode, Attr.Ints("paddings").Required(), Attr.Float("value", 0)] },
        new("Pad") { Since = 2, Inputs = [Data], Attributes = [PadMode, Attr.Ints("pads").Required(), Attr.Float("value", 0)] },
        new("Pad")
        {
            Since = 11,
            Inputs = [Data, In.List("pads"), In.T("constant_value", TypeSet.Any).Rank(0, 1).Optional(), Bounds("axes").Optional()],
            Attributes = [PadMode],
        },
        new("Reshape") { Inputs = [Data], Attributes = [Attr.Ints("shape")] },
        new("Reshape") { Since = 5, Inputs = [Data, In.List("shape").Rank(1, 1)], Attributes = [Attr.Flag("allowzero")] },
        new("Flatten") { Inputs = [Data], Attributes = [Attr.Axis(fallback: 1)] },
        new("Transpose") { Inputs = [Data], Attributes = [Attr.Ints("perm", min: 0)] },
        new("Squeeze") { Inputs = [Data], Attributes = [Attr.Ints("axes")] },
        new("Squeeze") { Since = 13, Inputs = [Data, In.List("axes").Optional()] },
        new("Unsqueeze") { Inputs = [Data], Attributes = [Attr.Ints("axes").Required()] },
        new("Unsqueeze") { Since = 13, Inputs = [Data, In.List("axes")] },
        new("Expand") { Inputs = [Data, In.List("shape").Rank(1, 1)] },
        new("Tile") { Inputs = [Data, In.Of("tiles", TypeSet.Any), In.Of("axis", TypeSet.Any)] },
        new("Tile") { Since = 6, Inputs = [Data, In.List("repeats").Rank(1, 1)] },
        new("DepthToSpace") { Inputs = [Maps], Attributes = [Block, Attr.Text("mode", "DCR", "DCR", "CRD")], Relations = ChannelsFitBlocks },
        new("SpaceToDepth") { Inputs = [Maps], Attributes = [Block], Relations = SidesFitBlocks },
        new("CenterCropPad") { Inputs = [Data, In.Of("shape", TypeSet.Index).Rank(1, 1)], Attributes = [Attr.Ints("axes")] },
        new("ReverseSequence")
        {
            Inputs = [Data, In.List("sequence_lens").Rank(1, 1)],
            Attributes = [Attr.Int("batch_axis", 1, 0, 1), Attr.Int("time_axis", 0, 0, 1)],
        },
        new("Trilu") { Inputs = [Data.Rank(2), In.Single("k", TypeSet.Int64).Optional()], Attributes = [Attr.Flag("upper", 1)] },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static In Maps => In.T("input", TypeSet.Any).Rank(4, 4);

    // A number that the kernel divides by; its square counts channels.
    private static Attr Block => Attr.Int("blocksize", min: 1, max: 1 << 15).Required();

    private static Attr PadMode => Attr.Text("mode", "constant", "constant", "reflect", "edge", "wrap");

    private static Operator Split => new("Split") { Inputs = [Data, In.List("split").Optional()], MaxOutputs = int.MaxValue };

    private static In Bounds(string name) => In.Of(name, TypeSet.Index).Rank(1, 1);

    private static void ChannelsFitBlocks(NodeOperands node)
    {
        if (node.Int("blocksize") is > 0 and var block && node.Size(0, 1) is { } channels && channels % (block * block) != 0)
            node.RejectAttribute($"attribute 'blocksize' is {block}; the {channels} channels of its data must be a multiple of {block * block}");
    }

    private static void SidesFitBlocks(NodeOperands node)
    {
        if (node.Int("blocksize") is not (> 0 and var block))
            return;
        foreach (var side in new[] { node.Size(0, 2), node.Size(0, 3) }.OfType<long>().Where(side => side % block != 0))
            node.RejectAttribute($"attribute 'blocksize' is {block}; a side of {side} isn't a multiple of it");
    }
}
