using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Reductions over axes, and pooling over all of height and width.</summary>
internal sealed class ReduceOperator : ITorchOperator
{
    private static readonly Dictionary<string, Func<Tensor, long[], bool, Tensor>> Functions = new()
    {
        ["GlobalAveragePool"] = (x, axes, keep) => x.mean(axes, keep),
        ["GlobalMaxPool"] = (x, axes, keep) => x.amax(axes, keep),
        ["ReduceMean"] = (x, axes, keep) => x.mean(axes, keep),
        ["ReduceMax"] = (x, axes, keep) => x.amax(axes, keep),
        ["ReduceMin"] = (x, axes, keep) => x.amin(axes, keep),
        ["ReduceSum"] = (x, axes, keep) => x.sum(axes, keep),
    };

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        var rank = context.Dims(node.Input(0)).Length;
        var given = node.OpType.StartsWith("Global", StringComparison.Ordinal) ? [2, 3] : node.GetInts("axes")?.ToArray()
            ?? context.Integers(1);
        if (given is not { Length: > 0 } && node.GetInt("noop_with_empty_axes", 0) != 0)
            return TorchStep.Of(node.Input(0), x => x.alias());
        var axes = given is { Length: > 0 } ? given : [.. Enumerable.Range(0, rank).Select(a => (long)a)];
        var (function, keep) = (Functions[node.OpType], node.GetInt("keepdims", 1) != 0);
        return TorchStep.Of(node.Input(0), x => function(x, axes, keep));
    }
}
