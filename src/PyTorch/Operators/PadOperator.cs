using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;
using MsSrConvert.PyTorch.Sizes;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Pad; how much may be computed from sizes.</summary>
internal sealed class PadOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Pad"];

    public void Write(Node node, ForwardWriter code)
    {
        var rank = code.Shape(node.Input(0)!).Rank;
        var pads = Pads(node, rank, code);
        // Axes in front that aren't padded go without saying.
        var first = Enumerable.Range(0, rank).FirstOrDefault(axis => pads[axis].Constant != 0 || pads[axis + rank].Constant != 0, rank - 1);
        SizeExpression[] spoken = [.. pads[first..rank], .. pads[(first + rank)..]];
        var mode = node.GetString("mode", "constant");
        // PyTorch repeats and reflects along all axes but N and C.
        if (mode != "constant" && first < 2)
            throw new NotInPyTorchException($"it pads other axes than height and width by '{mode}'");
        code.Assign(node, $"F.pad({code.Argument(node, 0)}, {PythonText.List(NodeFacts.TorchPads(Whole(spoken, rank, mode)).Select(p => p.Text))}{mode switch
        {
            "constant" => Fill(node, code),
            "edge" => ", mode=\"replicate\"",
            "reflect" => ", mode=\"reflect\"",
            _ => throw new NotInPyTorchException($"PyTorch doesn't pad by '{mode}'"),
        }})");
    }

    // Repeating and reflecting want all spatial axes named.
    private static SizeExpression[] Whole(SizeExpression[] spoken, int rank, string mode)
    {
        var missing = mode == "constant" ? 0 : rank - 2 - (spoken.Length / 2);
        var none = Enumerable.Repeat(SizeExpression.Of(0), missing).ToArray();
        return [.. none, .. spoken[..(spoken.Length / 2)], .. none, .. spoken[(spoken.Length / 2)..]];
    }

    private static SizeExpression[] Pads(Node node, int rank, ForwardWriter code)
    {
        var given = code.Sizes.Of(node.Input(1)) ?? throw new NotInPyTorchException("its pads aren't constants, nor computed from sizes alone");
        var axes = node.Axes(3, rank, code) ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)];
        var pads = Enumerable.Repeat(SizeExpression.Of(0), 2 * rank).ToArray();
        for (var i = 0; i < axes.Length; i++)
            (pads[axes[i]], pads[axes[i] + rank]) = (given[i], given[i + axes.Length]);
        return pads;
    }

    private static string Fill(Node node, ForwardWriter code)
    {
        if (node.Input(2) is not { } value)
            return "";
        var fill = code.Number(value) ?? throw new NotInPyTorchException("what it fills up with isn't a number");
        return fill == 0 ? "" : $", value={PythonText.Of(fill)}";
    }
}
