using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;
using MsSrConvert.PyTorch.Sizes;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Slice, forwards or backwards; starts and ends may be computed from sizes.</summary>
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
        if (steps.Contains(0))
            throw new NotInPyTorchException("it steps by nothing");
        var slices = Enumerable.Repeat(":", rank).ToArray();
        for (var i = 0; i < axes.Length; i++)
        {
            slices[axes[i]] = steps[i] > 0
                ? Slice(starts[i], ends[i], steps[i]) : Slice(FromBehind(starts[i]), FromBehind(ends[i]), -steps[i]);
        }
        // Axes behind the last one that is cut go without saying.
        var last = Array.FindLastIndex(slices, s => s != ":");
        // PyTorch doesn't step backwards: what is turned around first is cut forwards.
        var turned = axes.Where((_, i) => steps[i] < 0).Order().ToArray();
        var x = code.Argument(node, 0) + (turned.Length == 0 ? "" : $".flip({PythonText.List(turned)})");
        code.Assign(node, last < 0 ? x : $"{x}[{string.Join(", ", slices.Take(last + 1))}]");
    }

    // Where element k from the front stands when everything is turned around: k-th from behind.
    private static SizeExpression FromBehind(SizeExpression bound) => bound.Constant switch
    {
        >= Unbounded => SizeExpression.Of(0),
        <= -Unbounded => SizeExpression.Of(Unbounded),
        { } constant => SizeExpression.Of(-constant - 1),
        null => throw new NotInPyTorchException("it goes backwards from a place that is computed"),
    };

    private static string Slice(SizeExpression start, SizeExpression end, long step) =>
        $"{(start.Constant == 0 ? "" : start.Text)}:{(end.Constant >= Unbounded ? "" : end.Text)}{(step == 1 ? "" : $":{ForwardWriter.Text(step)}")}";

    private static IReadOnlyList<SizeExpression> Bounds(Node node, int index, ForwardWriter code) =>
        code.Sizes.Of(node.Input(index))
            ?? throw new NotInPyTorchException("where it cuts isn't a constant, nor computed from sizes alone");
}
