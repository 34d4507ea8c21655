namespace MsSrConvert.Training.Operators;

/// <summary>Matrix products, stacked ones too.</summary>
internal sealed class MatMulOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["MatMul"];

    public TorchStep Prepare(NodeContext context) =>
        TorchStep.Of(context.Node.Input(0), context.Node.Input(1), (a, b) => a.matmul(b));
}
