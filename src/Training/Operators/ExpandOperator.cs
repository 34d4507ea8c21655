namespace MsSrConvert.Training.Operators;

/// <summary>Repeats along axes of length 1.</summary>
internal sealed class ExpandOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Expand"];

    public TorchStep Prepare(NodeContext context)
    {
        var shape = context.OutputDims;
        return TorchStep.Of(context.Node.Input(0), x => x.expand(shape));
    }
}
