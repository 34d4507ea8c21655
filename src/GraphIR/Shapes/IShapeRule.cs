namespace MsSrConvert.GraphIR.Shapes;

/// <summary>How the output types of some operators of ONNX's own set follow from their inputs.</summary>
internal interface IShapeRule
{
    /// <summary>The operators it handles.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Sets what can be said of the outputs of <see cref="ShapeContext.Node"/>; what isn't set stays unknown.</summary>
    /// <exception cref="MalformedNodeException">The node makes no sense.</exception>
    void Infer(ShapeContext context);
}

/// <summary>A node's attributes or inputs make no sense; its outputs stay unknown.</summary>
internal sealed class MalformedNodeException(string message) : Exception(message);
