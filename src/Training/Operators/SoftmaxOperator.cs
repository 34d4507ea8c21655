namespace MsSrConvert.Training.Operators;

/// <summary>Softmax along one axis.</summary>
internal sealed class SoftmaxOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Softmax"];

    public TorchStep Prepare(NodeContext context)
    {
        var axis = context.Node.GetInt("axis", -1);
        return TorchStep.Of(context.Node.Input(0), x => x.softmax(axis));
    }
}
