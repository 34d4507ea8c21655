using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Knows how PyTorch says an operator.</summary>
internal interface IPythonOperator
{
    /// <summary>The ONNX operators.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>True for a form that the operator is written in by itself; others are written by their decomposition.</summary>
    /// <param name="node">A node of one of the operators.</param>
    /// <param name="opset">The model's operator set.</param>
    bool Knows(Node node, long opset) => true;

    /// <summary>Writes a node.</summary>
    /// <exception cref="NotInPyTorchException">This use of the operator can't be said.</exception>
    void Write(Node node, ForwardWriter code);
}
