using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Chooses between two values, element by element.</summary>
internal sealed class WhereOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Where"];

    public void Write(Node node, ForwardWriter code)
    {
        // A number takes the other's type; two numbers have none.
        if (code.Number(node.Input(1)) is not null && code.Number(node.Input(2)) is not null)
            throw new NotInPyTorchException("it chooses between two numbers");
        code.Assign(node, $"torch.where({code.Argument(node, 0)}, {code.Argument(node, 1)}, {code.Argument(node, 2)})");
    }
}
