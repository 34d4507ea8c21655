using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Spells DepthToSpace (mode CRD) as two transposes of two axes each, with views between: the processor's kernel for it moves
/// single elements on one thread, while these move along runs of memory.
/// </summary>
/// <remarks>
/// (N,C·b·b,H,W) is viewed as (N·C·b, b, H, W); the inner block axis goes behind W; viewed as (N·C, b, H, W·b), the outer one
/// goes behind H. Where H and W aren't known the views' sizes are computed in the graph.
/// </remarks>
internal sealed class LowerPixelShuffle : IPass
{
    /// <inheritdoc/>
    public string Name => "lower-pixel-shuffle";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var shuffles = model.Graph.Nodes.Where(n => n.Is("DepthToSpace") && n.TextOf("mode") == "CRD").ToArray();
        if (shuffles.Length == 0)
            return new PassResult(0);
        var shapes = ShapeInference.Infer(model);
        var emit = new Emitter(model);
        return new PassResult(shuffles.Count(n => Lower(n, shapes, emit)));
    }

    private static bool Lower(Node shuffle, ShapeMap shapes, Emitter emit)
    {
        var block = shuffle.IntOf("blocksize");
        if (shapes.ShapeOf(shuffle.Input(0)!) is not { Rank: 4 } shape || !shape[1].IsKnown
            || shape[1].Value % (block * block) != 0)
        {
            return false;
        }

        var x = shuffle.Input(0)!;
        var depth = shape[1].Value / (block * block);
        var sizes = new ViewSizes(shuffle, shape, emit);
        var columns = emit.Before(shuffle, "Reshape", "columns", x, emit.Ints(shuffle, "columns_view", -1, block, 0, 0));
        var wide = emit.Before(shuffle, "Transpose", "wide", columns.Output).With("perm", [0, 2, 3, 1]);
        var rows = emit.Before(shuffle, "Reshape", "rows", wide.Output, sizes.Of("rows", block, 1, block));
        var tall = emit.Before(shuffle, "Transpose", "tall", rows.Output).With("perm", [0, 2, 1, 3]);
        var target = sizes.Of("shuffled", depth, block, block);
        shuffle.OpType = "Reshape";
        shuffle.Attributes.Clear();
        shuffle.SetInput(0, tall.Output);
        shuffle.SetInput(1, target);
        return true;
    }

    /// <summary>The sizes of views (-1, second, rows·H, columns·W) of one shuffle.</summary>
    private sealed class ViewSizes(Node shuffle, Shape input, Emitter emit)
    {
        private Value? _size;

        public Value Of(string what, long second, long rows, long columns)
        {
            if (input[2].IsKnown && input[3].IsKnown)
                return emit.Ints(shuffle, $"{what}_view", -1, second, rows * input[2].Value, columns * input[3].Value);
            var size = emit.Before(shuffle, "Mul", $"{what}_size", Size(), emit.Ints(shuffle, $"{what}_factors", rows, columns));
            return emit.Before(shuffle, "Concat", $"{what}_view", emit.Ints(shuffle, $"{what}_front", -1, second),
                size.Output).With("axis", 0).Output;
        }

        private Value Size()
        {
            if (_size is not null)
                return _size;
            var shape = emit.Before(shuffle, "Shape", "shape", shuffle.Input(0)!);
            return _size = emit.Before(shuffle, "Slice", "size", shape.Output,
                emit.Ints(shuffle, "size_from", 2), emit.Ints(shuffle, "size_to", 4), emit.Ints(shuffle, "size_axis", 0)).Output;
        }
    }
}
