using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>The smaller or larger of tensors and numbers.</summary>
internal sealed class MinMaxOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Min", "Max"];

    public void Write(Node node, ForwardWriter code)
    {
        var (function, bound) = node.Is("Min") ? ("torch.minimum", "max") : ("torch.maximum", "min");
        var numbers = node.Inputs.Where(i => code.Number(i) is not null).ToArray();
        var tensors = node.Inputs.Except(numbers).ToArray();
        if (tensors.Length == 0)
            throw new NotInPyTorchException("all its inputs are numbers");
        var result = tensors.Select(t => code.Tensor(t!)).Aggregate((a, b) => $"{function}({a}, {b})");
        code.Assign(node,
            numbers.Aggregate(result, (x, number) => $"torch.clamp({x}, {bound}={PythonText.Of(code.Number(number)!.Value)})"));
    }
}
