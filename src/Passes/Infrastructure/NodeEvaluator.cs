using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Infrastructure;

/// <summary>
/// Computes a node whose inputs are all constant, as the runtime that runs the model would. The passes don't know a runtime; who
/// calls them hands one in, so that every operator folds that the runtime knows.
/// </summary>
/// <param name="node">The node; its inputs are initializers or absent.</param>
/// <param name="opset">The opset of the node's operator.</param>
/// <returns>Every output in order, or null where the runtime doesn't compute the node.</returns>
public delegate IReadOnlyList<TensorData>? NodeEvaluator(Node node, long opset);
