namespace MsSrConvert.GraphIR.Shapes;

/// <summary>
/// How the output types of an operator of ONNX's own set follow from its inputs: sets what can be said of the outputs of
/// <see cref="ShapeContext.Node"/>; what isn't set stays unknown.
/// </summary>
/// <exception cref="MalformedNodeException">The node makes no sense.</exception>
internal delegate void ShapeRule(ShapeContext context);

/// <summary>A node's attributes or inputs make no sense; its outputs stay unknown.</summary>
internal sealed class MalformedNodeException(string message) : Exception(message);
