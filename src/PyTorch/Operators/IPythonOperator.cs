using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Knows how PyTorch says an operator.</summary>
internal interface IPythonOperator
{
    /// <summary>The ONNX operators.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Writes a node.</summary>
    /// <exception cref="NotInPyTorchException">This use of the operator can't be said.</exception>
    void Write(Node node, ForwardWriter code);
}
