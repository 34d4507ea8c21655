using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Chooses between two values, element by element.</summary>
internal sealed class WhereOperator : ITorchOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Where"];

    public TorchStep Prepare(NodeContext context) => TorchStep.Of(context.Node.Inputs, x => where(x[0], x[1], x[2]));
}
