using MsSrConvert.Training.Tensors;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Operators;

/// <summary>Arithmetic of two or more operands that broadcast.</summary>
internal sealed class BinaryOperator : ITorchOperator
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> Functions = new()
    {
        ["Add"] = Scalars.Plus,
        ["Sub"] = (a, b) => a - b,
        ["Mul"] = (a, b) => a * b,
        ["Div"] = (a, b) => a / b,
        ["Pow"] = (a, b) => a.pow(b),
        ["Min"] = (a, b) => a.minimum(b),
        ["Max"] = (a, b) => a.maximum(b),
        ["Sum"] = Scalars.Plus,
    };

    public IReadOnlyList<string> Operators { get; } = [.. Functions.Keys];

    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        var (function, count) = (Functions[node.OpType], node.Inputs.Count);
        if (count == 2)
            return TorchStep.Of(node.Input(0), node.Input(1), function);
        return TorchStep.Of(node.Inputs, x =>
        {
            using var scope = NewDisposeScope();
            return x.Skip(1).Aggregate(x[0].alias(), function).MoveToOuterDisposeScope();
        });
    }
}
