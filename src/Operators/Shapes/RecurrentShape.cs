using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>
/// RNN, GRU and LSTM: (steps, batch, features) to all states (steps, directions, batch, hidden) and the last ones.
/// </summary>
internal sealed class RecurrentShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["RNN", "GRU", "LSTM"];

    public void Infer(ShapeContext context)
    {
        var hidden = context.Node.Attributes.ContainsKey("hidden_size") ? context.Int("hidden_size", 0) : Dim.Unknown;
        var directions = context.Text("direction", "forward") == "bidirectional" ? 2 : 1;
        var x = context.Shape(0) ?? ShapeContext.UnknownOf(3);
        ShapeContext.Require(x.Rank == 3, $"it takes a sequence of three axes, not {x}");
        var batchFirst = context.Int("layout", 0) != 0;
        var (steps, batch) = batchFirst ? (x[1], x[0]) : (x[0], x[1]);
        var all = batchFirst ? new Shape(batch, steps, directions, hidden) : new Shape(steps, directions, batch, hidden);
        var last = batchFirst ? new Shape(batch, directions, hidden) : new Shape(directions, batch, hidden);
        context.Set(all);
        context.Set(1, context.Element(0), last);
        context.Set(2, context.Element(0), last);
    }
}
