using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Reshape to constant and computed sizes, and Flatten.</summary>
internal sealed class ReshapeOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Reshape", "Flatten"];

    public void Write(Node node, ForwardWriter code)
    {
        var x = code.Argument(node, 0);
        if (node.Is("Flatten"))
        {
            if (node.GetInt("axis", 1) != 1)
                throw new NotInPyTorchException("it doesn't keep the first axis");
            code.Assign(node, $"torch.flatten({x}, 1)");
            return;
        }

        var sizes = code.Sizes.Of(node.Input(1))
            ?? throw new NotInPyTorchException("its shape isn't a constant, nor computed from sizes alone");
        if (node.GetInt("allowzero", 0) != 0 && sizes.Any(s => s.Constant == 0))
            throw new NotInPyTorchException("it makes an empty tensor");
        var texts = sizes.Select((s, axis) => s.Constant == 0 ? $"{x}.shape[{ForwardWriter.Text(axis)}]" : s.Text);
        code.Assign(node, $"{x}.reshape({PythonText.List(texts)})");
    }
}
