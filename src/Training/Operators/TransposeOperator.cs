namespace MsSrConvert.Training.Operators;

/// <summary>Changes the order of the axes.</summary>
internal sealed class TransposeOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Transpose"];

    public TorchStep Prepare(NodeContext context)
    {
        var rank = context.Dims(context.Node.Input(0)).Length;
        var order = context.Node.GetInts("perm")?.ToArray() ?? [.. Enumerable.Range(0, rank).Reverse().Select(a => (long)a)];
        return TorchStep.Of(context.Node.Input(0), x => x.permute(order));
    }
}
