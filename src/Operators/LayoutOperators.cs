using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that put a tensor's elements into another order.</summary>
internal static class LayoutOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Transpose", new OperatorForm([Data], Attr.Ints("perm", min: 0)))
        {
            Shape = InferTranspose,
            Versions = [7, 13, 21, 23, 24, 25],
            Evaluate = (node, data, _) => TensorMovement.Transpose(data, node.GetInts("perm") ?? Reversed(data.Dims.Count)),
            IsIdentity = (node, _) => IsInOrder(node.GetInts("perm")),
        },
        new("DepthToSpace", new OperatorForm([Maps], Block, Attr.Text("mode", "DCR", "DCR", "CRD"))
        {
            Relations = ChannelsFitBlocks,
        })
        {
            Shape = InferBlocks,
            Versions = [7, 11, 13],
        },
        new("SpaceToDepth", new OperatorForm([Maps], Block) { Relations = SidesFitBlocks })
        {
            Shape = InferBlocks,
            Versions = [7, 13],
        },
        new("ReverseSequence", new OperatorForm(
            [Data, In.List("sequence_lens").Rank(1, 1)], Attr.Int("batch_axis", 1, 0, 1), Attr.Int("time_axis", 0, 0, 1)))
        {
            Traits = Traits.WholeMap,
            Shape = SharedShapes.Same,
            Versions = [10],
        },
        new("Trilu", new OperatorForm([Data.Rank(2), In.Single("k", TypeSet.Int64).Optional()], Attr.Flag("upper", 1)))
        {
            Shape = SharedShapes.Same,
            Versions = [14],
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static In Maps => In.T("input", TypeSet.Any).Rank(4, 4);

    // A number that the kernel divides by; its square counts channels.
    private static Attr Block => Attr.Int("blocksize", min: 1, max: 1 << 15).Required();

    // Transpose: the axes in another order, reversed by default.
    private static void InferTranspose(ShapeContext context)
    {
        var order = context.Ints("perm");
        var shape = context.Shape(0) ?? (order is null ? null : ShapeContext.UnknownOf(order.Count));
        context.Set(null);
        if (shape is null)
            return;
        var axes = order is null ? [.. Enumerable.Range(0, shape.Rank).Reverse()] : ShapeContext.Axes(order, shape.Rank);
        ShapeContext.Require(axes.Length == shape.Rank, $"it permutes {axes.Length} axes of {shape}");
        context.Set(new Shape(axes.Select(a => shape[a])));
        if (context.Content(0) is not { } content || !shape.IsKnown)
            return;
        var picks = axes.Select(a => (a, Enumerable.Range(0, (int)shape[a].Offset).ToArray()));
        context.SetContent(0, Content.Pick(content, shape, [.. picks]));
    }

    private static long[] Reversed(int rank) => [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];

    private static bool IsInOrder(IReadOnlyList<long>? perm) =>
        perm is not null && perm.Select((p, i) => p == i).All(same => same);

    private static void ChannelsFitBlocks(NodeOperands node)
    {
        if (node.Int("blocksize") is > 0 and var block && node.Size(0, 1) is { } channels && channels % (block * block) != 0)
        {
            node.RejectAttribute(
                $"attribute 'blocksize' is {block}; the {channels} channels of its data must be a multiple of {block * block}");
        }
    }

    private static void SidesFitBlocks(NodeOperands node)
    {
        if (node.Int("blocksize") is not (> 0 and var block))
            return;
        foreach (var side in new[] { node.Size(0, 2), node.Size(0, 3) }.OfType<long>().Where(side => side % block != 0))
            node.RejectAttribute($"attribute 'blocksize' is {block}; a side of {side} isn't a multiple of it");
    }

    // DepthToSpace: (N, C, H, W) to (N, C/b², H·b, W·b), and its inverse SpaceToDepth.
    private static void InferBlocks(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(4));
        var block = context.IntOf("blocksize");
        ShapeContext.Require(block > 0, "attribute 'blocksize' isn't positive");
        if (context.Shape(0) is not { } x)
            return;
        ShapeContext.Require(x.Rank == 4, $"it rearranges {x}, which isn't N,C,H,W");
        context.Set(context.Node.OpType == "DepthToSpace"
            ? new Shape(x[0], Divide(context, x[1], block * block), x[2] * block, x[3] * block)
            : new Shape(x[0], x[1] * (block * block), Divide(context, x[2], block), Divide(context, x[3], block)));
    }

    private static Dim Divide(ShapeContext context, Dim size, long divisor)
    {
        if (!size.IsKnown || size.TryDivide(divisor, out _))
            return size.FloorDivide(divisor);
        context.Report(ConflictKind.Provable, $"{size} isn't a multiple of {divisor}");
        return Dim.Unknown;
    }
}
