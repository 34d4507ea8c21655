using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>What is known where a node stands: in the model, or in a function that is called.</summary>
/// <param name="Opset">The version of ONNX's own operator set.</param>
/// <param name="TypeOf">The type of a value, or null where nothing is known.</param>
/// <param name="NumbersOf">The elements of a small value, or null unless all are known.</param>
/// <param name="Absent">Inputs of the function that the call leaves out.</param>
/// <param name="Parameters">Attributes that the call gives the function; null outside.</param>
/// <param name="Depth">How many calls enclose the node.</param>
internal sealed record Scope(
    long Opset, Func<Value, TensorType?> TypeOf, Func<Value, IReadOnlyList<double>?> NumbersOf, IReadOnlySet<Value> Absent,
    IReadOnlyDictionary<string, AttributeValue>? Parameters, int Depth);
