namespace MsSrConvert.Training.Operators;

/// <summary>Operators that only regroup the elements: the result's shape is known.</summary>
internal sealed class ReshapeOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Reshape", "Flatten", "Squeeze", "Unsqueeze"];

    public TorchStep Prepare(NodeContext context)
    {
        var shape = context.OutputDims;
        return TorchStep.Of(context.Node.Input(0), x => x.reshape(shape));
    }
}
