using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Gather of constant places along an axis: a slice where they follow each other.</summary>
internal sealed class GatherOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Gather"];

    public void Write(Node node, ForwardWriter code)
    {
        if (node.Input(1)?.Initializer is not { Dims.Count: <= 1, Element: ElementType.Int64 or ElementType.Int32 } data)
            throw new NotInPyTorchException("what it picks isn't a constant list");
        var x = code.Argument(node, 0);
        var axis = (int)NodeFacts.Axis(node.GetInt("axis", 0), code.Shape(node.Input(0)!).Rank);
        var places = data.ToInt64s();
        if (data.Dims.Count == 0)
        {
            code.Assign(node, $"{x}.select({ForwardWriter.Text(axis)}, {ForwardWriter.Text(places[0])})");
        }
        else if (places.Length > 0 && places[0] >= 0 && places.Select((p, i) => p - i).Distinct().Count() == 1)
        {
            code.Assign(node,
                $"{x}[{string.Concat(Enumerable.Repeat(":, ", axis))}{ForwardWriter.Text(places[0])}:{ForwardWriter.Text(places[^1] + 1)}]");
        }
        else
        {
            code.Assign(node, $"torch.index_select({x}, {ForwardWriter.Text(axis)}, {code.Indices(node.Input(1)!)})");
        }
    }
}
