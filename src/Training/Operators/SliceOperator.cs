using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Cuts a part out, forwards only.</summary>
internal sealed class SliceOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Slice"];

    public TorchStep Prepare(NodeContext context)
    {
        var dims = context.Dims(context.Node.Input(0));
        var starts = context.Integers(1)!;
        var axes = context.Integers(3) ?? [.. Enumerable.Range(0, starts.Length).Select(a => (long)a)];
        var steps = context.Integers(4) ?? [.. axes.Select(_ => 1L)];
        if (steps.Any(s => s < 1))
            throw context.Unsupported("it goes backwards");
        var parts = axes
            .Select((axis, k) => Part(NodeContext.Axis(axis, dims.Length), starts[k], steps[k], dims, context.OutputDims))
            .ToArray();
        return TorchStep.Of(context.Node.Input(0), x =>
        {
            using var scope = NewDisposeScope();
            return parts.Aggregate(x.alias(),
                (value, p) => value.slice(p.Axis, p.Start, p.End, p.Step)).MoveToOuterDisposeScope();
        });
    }

    private static (int Axis, long Start, long End, long Step) Part(int axis, long start, long step, long[] from, long[] to)
    {
        var first = Math.Clamp(start < 0 ? start + from[axis] : start, 0, from[axis]);
        return (axis, first, Math.Min(from[axis], first + to[axis] * step), step);
    }
}
