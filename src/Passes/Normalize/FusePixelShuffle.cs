using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Makes DepthToSpace and SpaceToDepth out of their Reshape-Transpose-Reshape spellings on (N,C,H,W), where the shapes, constant
/// or computed, prove that it is one.
/// </summary>
/// <remarks>
/// The unshuffle that puts the channel before the place within the block equals SpaceToDepth for one channel only; else it stays.
/// </remarks>
public sealed class FusePixelShuffle : IPass
{
    /// <inheritdoc/>
    public string Name => "fuse-pixel-shuffle";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var candidates = model.Graph.AllNodes.Where(n => n.Is("Transpose") && n.GetInts("perm") is { Count: 6 }).ToArray();
        if (candidates.Length == 0)
            return new PassResult(0);
        var shapes = ShapeInference.Infer(model);
        return new PassResult(candidates.Count(t => Fuse(t, shapes)));
    }

    private static bool Fuse(Node transpose, ShapeMap shapes)
    {
        if (transpose.Input(0)?.Producer is not { } split || !split.Is("Reshape")
            || transpose.Output is not { IsGraphOutput: false, Uses.Count: 1 }
            || transpose.Output.Uses[0].Node is not { } join || !join.Is("Reshape") || transpose.Output.Uses[0].Index != 0
            || split.Graph != transpose.Graph || join.Graph != transpose.Graph)
        {
            return false;
        }

        var (from, six, to) = (shapes.ShapeOf(split.Input(0)!), shapes.ShapeOf(split.Output), shapes.ShapeOf(join.Output));
        if (from is not { Rank: 4 } || six is not { Rank: 6 } || to is not { Rank: 4 })
            return false;
        var perm = string.Concat(transpose.GetInts("perm")!);
        if (Shuffle(perm, from, six, to) is not var (opType, block, mode))
            return false;
        join.OpType = opType;
        join.Attributes.Clear();
        join.With("blocksize", block);
        if (mode is not null)
            join.With("mode", mode);
        join.SetInput(0, split.Input(0));
        join.TruncateInputs(1);
        GraphEdits.RemoveIfUnused(transpose);
        return true;
    }

    private static (string OpType, long Block, string? Mode)? Shuffle(string perm, Shape from, Shape six, Shape to)
    {
        // Where the channel, the block's two axes, the height and the width stand among the six axes.
        var (channel, row, column, height, width, mode) = perm switch
        {
            "014253" => (1, 2, 3, 4, 5, "CRD"),
            "034152" => (3, 1, 2, 4, 5, "DCR"),
            "013524" => (1, 3, 5, 2, 4, null),
            "035124" => (1, 3, 5, 2, 4, (string?)null),
            _ => (0, 0, 0, 0, 0, null),
        };
        if (channel == 0 || !six[row].IsKnown || six[row] != six[column] || six[row].Value < 2)
            return null;
        var block = six[row].Value;
        if (mode is not null)
        {
            if (!from[1].TryDivide(block * block, out var depth))
                return null;
            var expected = new Dim[6];
            (expected[0], expected[channel], expected[row], expected[column]) = (from[0], depth, block, block);
            (expected[height], expected[width]) = (from[2], from[3]);
            var fits = Agree(six, expected) && Agree(to, [from[0], depth, from[2] * block, from[3] * block]);
            return fits ? ("DepthToSpace", block, mode) : null;
        }

        if (perm == "013524" && from[1] != Dim.Known(1))
            return null;
        var deep = from[1] * (block * block);
        var same = Agree(six, [from[0], from[1], from[2].FloorDivide(block), block, from[3].FloorDivide(block), block])
            && Agree(to, [from[0], deep, from[2].FloorDivide(block), from[3].FloorDivide(block)]);
        return same ? ("SpaceToDepth", block, null) : null;
    }

    // Reshape keeps the number of elements, so one dimension that can't be compared is right when all others are.
    private static bool Agree(Shape shape, Dim[] expected) =>
        shape.Zip(expected).Count(pair => pair.First.IsUnknown || pair.First != pair.Second) <= 1;
}
