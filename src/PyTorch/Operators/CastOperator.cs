using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Cast of a tensor.</summary>
internal sealed class CastOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Cast"];

    public void Write(Node node, ForwardWriter code) =>
        code.Assign(node, $"{code.Argument(node, 0)}.to({PythonTypes.Of((ElementType)node.GetInt("to", 0))})");
}
