using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Pooling over all of height and width.</summary>
internal sealed class GlobalPoolOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["GlobalAveragePool", "GlobalMaxPool"];

    public void Write(Node node, ForwardWriter code) => code.Assign(node,
        $"F.adaptive_{(node.Is("GlobalMaxPool") ? "max" : "avg")}_pool{ForwardWriter.Text(node.SpatialRank(code))}d({code.Argument(node, 0)}, 1)");
}
