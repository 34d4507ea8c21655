using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Concat.</summary>
internal sealed class ConcatOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Concat"];

    public void Write(Node node, ForwardWriter code) => code.Assign(node,
        $"torch.cat({PythonText.List(node.Inputs.Select(i => code.Tensor(i!)))}, dim={ForwardWriter.Text(node.GetInt("axis", 0))})");
}
