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
        var padded = Enumerable.Range(0, rank).Where(a => pads[a].Constant != 0 || pads[a + rank].Constant != 0).ToHashSet();
        var x = code.Argument(node, 0);
        int[] axes = [.. Enumerable.Range(0, rank)];
        code.Assign(node, node.GetString("mode", "constant") switch
        {
            // PyTorch names the last axes only.
            "constant" => Call(x, [.. axes.SkipWhile(a => !padded.Contains(a) && a < rank - 1)], pads, Fill(node, code)),
            "edge" => Spatial(x, axes, pads, padded, "replicate"),
            "reflect" => Spatial(x, axes, pads, padded, "reflect"),
            var other => throw new NotInPyTorchException($"PyTorch doesn't pad by '{other}'"),
        });
    }

    // PyTorch repeats and reflects along all axes but the first two: N,H,W,C is turned for it.
    private static string Spatial(string x, int[] axes, SizeExpression[] pads, HashSet<int> padded, string mode)
    {
        var keyword = $", mode=\"{mode}\"";
        if (!axes.Take(2).Any(padded.Contains))
            return Call(x, axes[2..], pads, keyword);
        int[] order = [.. axes.OrderBy(padded.Contains)];
        if (order.Take(2).Any(padded.Contains))
            throw new NotInPyTorchException("it repeats or reflects along more axes than PyTorch does");
        return Permuted(Call(Permuted(x, order), order[2..], pads, keyword), axes.Select(a => Array.IndexOf(order, a)));
    }

    private static string Call(string x, int[] axes, SizeExpression[] pads, string mode)
    {
        SizeExpression[] named = [.. axes.Select(a => pads[a]), .. axes.Select(a => pads[a + (pads.Length / 2)])];
        return $"F.pad({x}, {PythonText.List(NodeFacts.TorchPads(named).Select(p => p.Text))}{mode})";
    }

    private static string Permuted(string x, IEnumerable<int> order) =>
        $"{x}.permute({string.Join(", ", order.Select(a => ForwardWriter.Text(a)))})";

    private static SizeExpression[] Pads(Node node, int rank, ForwardWriter code)
    {
        var given = code.Sizes.Of(node.Input(1))
            ?? throw new NotInPyTorchException("its pads aren't constants, nor computed from sizes alone");
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
