namespace MsSrConvert.Training.Operators;

/// <summary>Takes a value apart along an axis.</summary>
internal sealed class SplitOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Split"];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        var axis = NodeContext.Axis(node.GetInt("axis", 0), context.Dims(node.Input(0)).Length);
        var sizes = node.Outputs.Select(output => context.Dims(output)[axis]).ToArray();
        return new TorchStep([node.Input(0)!], x => x[0].split(sizes, axis));
    }
}
