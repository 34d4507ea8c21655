using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Shape: from here on sizes are Python integers.</summary>
internal sealed class ShapeOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Shape"];

    public void Write(Node node, ForwardWriter code)
    {
        var rank = code.Shape(node.Input(0)!).Rank;
        int Within(long axis) => (int)Math.Clamp(NodeFacts.Axis(axis, rank), 0, rank);
        code.ReadSizes(node.Input(0)!, node.Output, Within(node.GetInt("start", 0)), Within(node.GetInt("end", rank)));
    }
}
