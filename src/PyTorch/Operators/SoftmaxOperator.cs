using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Softmax along one axis, as operator set 13 and newer have it.</summary>
internal sealed class SoftmaxOperator : IPythonOperator
{
    private const int AlongOneAxis = 13;

    public IReadOnlyList<string> Operators { get; } = ["Softmax"];

    public void Write(Node node, ForwardWriter code)
    {
        if (code.Opset < AlongOneAxis)
            throw new NotInPyTorchException("before operator set 13 it works over several axes");
        code.Assign(node, $"F.softmax({code.Argument(node, 0)}, dim={ForwardWriter.Text(node.GetInt("axis", -1))})");
    }
}
