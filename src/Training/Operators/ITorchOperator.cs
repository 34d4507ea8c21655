using MsSrConvert.GraphIR;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>How one kind of ONNX operator is computed with TorchSharp, gradients included.</summary>
internal interface ITorchOperator
{
    /// <summary>The operators it knows.</summary>
    IReadOnlyList<string> Operators { get; }

    /// <summary>Reads a node's attributes and constants once, for inputs of one size.</summary>
    /// <exception cref="UnsupportedNodeException">This form of the operator isn't known.</exception>
    TorchStep Prepare(NodeContext context);
}

/// <summary>A node that is ready to be computed.</summary>
/// <param name="Inputs">The values it reads as tensors; what only shapes depend on isn't among them.</param>
/// <param name="Compute">Makes the node's outputs of these; never hands an input on as it is.</param>
internal sealed record TorchStep(IReadOnlyList<Value> Inputs, Func<Tensor[], Tensor[]> Compute)
{
    /// <summary>A node of one input and one output.</summary>
    public static TorchStep Of(Value? input, Func<Tensor, Tensor> compute) => new([input!], x => [compute(x[0])]);

    /// <summary>A node of two inputs and one output.</summary>
    public static TorchStep Of(Value? first, Value? second, Func<Tensor, Tensor, Tensor> compute) =>
        new([first!, second!], x => [compute(x[0], x[1])]);

    /// <summary>A node of any number of inputs, some of them absent at the end, and one output.</summary>
    public static TorchStep Of(IEnumerable<Value?> inputs, Func<Tensor[], Tensor> compute) =>
        new([.. inputs.OfType<Value>()], x => [compute(x)]);
}
