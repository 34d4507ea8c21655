using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace MsSrConvert.Training.Operators;

/// <summary>Widens height and width (by a constant also other axes).</summary>
internal sealed class PadOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Pad"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        var rank = context.Dims(node.Input(0)).Length;
        var pads = ByAxis(context, rank);
        var mode = node.GetString("mode", "constant") switch
        {
            "constant" => PaddingModes.Constant,
            "edge" => PaddingModes.Replicate,
            "reflect" => PaddingModes.Reflect,
            var other => throw context.Unsupported($"its mode is '{other}'"),
        };
        if (pads.All(p => p == 0))
            return TorchStep.Of(node.Input(0), x => x.alias());
        // Torch lists the last axis first and, but for constants, takes height and width alone.
        var axes = mode == PaddingModes.Constant ? rank : 2;
        if (pads.Take(rank - axes).Concat(pads.Skip(rank).Take(rank - axes)).Any(p => p != 0))
            throw context.Unsupported("it widens other axes than height and width");
        var value = context.Numbers(2)?[0] ?? 0;
        long[] fromLast = [.. Enumerable.Range(1, axes).SelectMany(k => new[] { pads[rank - k], pads[2 * rank - k] })];
        return TorchStep.Of(node.Input(0), x => pad(x, fromLast, mode, value));
    }

    private static long[] ByAxis(NodeContext context, int rank)
    {
        var given = context.Integers(1)!;
        if (context.Integers(3) is not { } axes)
            return given;
        var pads = new long[2 * rank];
        for (var k = 0; k < axes.Length; k++)
        {
            var axis = NodeContext.Axis(axes[k], rank);
            (pads[axis], pads[rank + axis]) = (given[k], given[axes.Length + k]);
        }

        return pads;
    }
}
