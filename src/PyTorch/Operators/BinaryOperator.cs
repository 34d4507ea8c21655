using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Arithmetic of two tensors, or of several for Sum and Mean.</summary>
internal sealed class BinaryOperator : IPythonOperator
{
    private static readonly Dictionary<string, string> Signs = new (string Operator, string Sign)[]
    {
        ("Add", "+"), ("Sub", "-"), ("Mul", "*"), ("Div", "/"), ("Pow", "**"), ("Sum", "+"), ("Mean", "+"),
    }.ToDictionary(s => s.Operator, s => s.Sign);

    public IReadOnlyList<string> Operators { get; } = [.. Signs.Keys];

    public void Write(Node node, ForwardWriter code)
    {
        if (code.Element(node.Output) is not ElementType.Undefined and var element && !element.IsFloatingPoint())
            throw new NotInPyTorchException("it computes with integers");
        var terms = string.Join($" {Signs[node.OpType]} ", node.Inputs.Select(i => code.Tensor(i!)));
        code.Assign(node, node.Is("Mean") ? $"({terms}) / {ForwardWriter.Text(node.Inputs.Count)}" : terms);
    }
}
