using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Sizes;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Slice forwards; starts and ends may be computed from sizes.</summary>
internal sealed class SliceOperator : IPythonOperator
{
    // Exporters write "up to the end" as the largest integer they have.
    private const long Unbounded = int.MaxValue;

    public IReadOnlyList<string> Operators { get; } = ["Slice"];

    public void Write(Node node, ForwardWriter code)
    {
        var rank = code.Shape(node.Input(0)!).Rank;
        var (starts, ends) = (Bounds(node, 1, code), Bounds(node, 2, code));
        var axes = node.Axes(3, rank, code) ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        var steps = node.Input(4) is null ? [.. Enumerable.Repeat(1L, axes.Length)] : node.Constants(4, code);
        if (Array.Exists(steps, s => s < 1))
            throw new NotInPyTorchException("it goes backwards");
        var slices = Enumerable.Repeat(":", rank).ToArray();
        for (var i = 0; i < axes.Length; i++)
            slices[axes[i]] = Slice(starts[i], ends[i], steps[i]);
        // Axes behind the last one that is cut go without saying.
        var last = Array.FindLastIndex(slices, s => s != ":");
        code.Assign(node, last < 0 ? code.Argument(node, 0) : $"{code.Argument(node, 0)}[{string.Join(", ", slices.Take(last + 1))}]");
    }

    private static string Slice(SizeExpression start, SizeExpression end, long step) =>
        $"{(start.Constant == 0 ? "" : start.Text)}:{(end.Constant >= Unbounded ? "" : end.Text)}{(step == 1 ? "" : $":{ForwardWriter.Text(step)}")}";

    private static IReadOnlyList<SizeExpression> Bounds(Node node, int index, ForwardWriter code) =>
        code.Sizes.Of(node.Input(index)) ?? throw new NotInPyTorchException("where it cuts isn't a constant, nor computed from sizes alone");
}
