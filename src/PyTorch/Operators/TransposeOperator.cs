using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Transpose.</summary>
internal sealed class TransposeOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Transpose"];

    public void Write(Node node, ForwardWriter code)
    {
        var order = node.GetInts("perm")
            ?? [.. Enumerable.Range(0, code.Shape(node.Input(0)!).Rank).Reverse().Select(i => (long)i)];
        code.Assign(node, $"{code.Argument(node, 0)}.permute({string.Join(", ", order.Select(ForwardWriter.Text))})");
    }
}
