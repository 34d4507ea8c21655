using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>Adding and dropping axes of length 1.</summary>
internal sealed class AxesOperator : IPythonOperator
{
    public IReadOnlyList<string> Operators { get; } = ["Unsqueeze", "Squeeze"];

    public void Write(Node node, ForwardWriter code)
    {
        var squeezes = node.Is("Squeeze");
        var rank = code.Shape(squeezes ? node.Input(0)! : node.Output).Rank;
        var axes = node.Axes(1, rank, code) ?? throw new NotInPyTorchException("it doesn't say which axes");
        // From behind where axes go, from the front where they come: each then stands where it is counted.
        var ordered = squeezes ? axes.OrderDescending() : axes.Order();
        var call = squeezes ? "squeeze" : "unsqueeze";
        code.Assign(node, code.Argument(node, 0) + string.Concat(ordered.Select(a => $".{call}({ForwardWriter.Text(a)})")));
    }
}
