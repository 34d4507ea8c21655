using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Comparisons of numbers and connections of truth values.</summary>
internal sealed class ComparisonOperator : IPythonOperator
{
    private static readonly Dictionary<string, string> Signs = new()
    {
        ["Equal"] = "==",
        ["Less"] = "<",
        ["LessOrEqual"] = "<=",
        ["Greater"] = ">",
        ["GreaterOrEqual"] = ">=",
        ["And"] = "&",
        ["Or"] = "|",
        ["Xor"] = "^",
    };

    public IReadOnlyList<string> Operators { get; } = [.. Signs.Keys, "Not"];

    public void Write(Node node, ForwardWriter code) => code.Assign(node, node.Is("Not")
        ? $"~{code.Argument(node, 0)}"
        : $"{code.Argument(node, 0)} {Signs[node.OpType]} {code.Argument(node, 1)}");
}
