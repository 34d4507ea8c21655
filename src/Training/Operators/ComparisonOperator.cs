using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Comparisons of numbers and connections of truth values; no gradient passes through them.</summary>
internal sealed class ComparisonOperator : ITorchOperator
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Functions = new()
    {
        ["Equal"] = (a, b) => a.eq(b),
        ["Less"] = (a, b) => a.less(b),
        ["LessOrEqual"] = (a, b) => a.less_equal(b),
        ["Greater"] = (a, b) => a.greater(b),
        ["GreaterOrEqual"] = (a, b) => a.greater_equal(b),
        ["And"] = (a, b) => a.logical_and(b),
        ["Or"] = (a, b) => a.logical_or(b),
        ["Xor"] = (a, b) => a.logical_xor(b),
    };

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys, "Not"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        return node.Is("Not")
            ? TorchStep.Of(node.Input(0), x => x.logical_not())
            : TorchStep.Of(node.Input(0), node.Input(1), Functions[node.OpType]);
    }
}
