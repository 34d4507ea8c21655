using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Recurrent layers over sequences.</summary>
internal static class RecurrentOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
        [Of("RNN", 2), Of("GRU", 2, Attr.Flag("linear_before_reset")), Of("LSTM", 3, Attr.Flag("input_forget"))];

    private static Operator Of(string name, int outputs, params IReadOnlyList<Attr> attributes)
    {
        In[] states = outputs == 3 ? [State("initial_c"), State("P")] : [];
        var form = new OperatorForm(
            [
                In.T("X", TypeSet.Floats).Rank(3, 3), In.T("W", TypeSet.Floats).Rank(3, 3), In.T("R", TypeSet.Floats).Rank(3, 3),
                In.T("B", TypeSet.Floats).Rank(2, 2).Optional(),
                In.Of("sequence_lens", TypeSet.Of(ElementType.Int32)).Rank(1, 1).Optional(), State("initial_h"), .. states,
            ],
            [
                Attr.Text("direction", "forward", "forward", "reverse", "bidirectional"), Attr.Int("hidden_size", min: 1),
                Attr.Int("layout", 0, 0, 1).Added(14), .. attributes,
            ])
        {
            MinOutputs = 0,
            MaxOutputs = outputs,
        };
        return new Operator(name, form) { Traits = Traits.WholeMap, Shape = Infer, Versions = [7, 14, 22] };
    }

    private static In State(string name) => In.T(name, TypeSet.Floats).Optional();

    // RNN, GRU and LSTM: (steps, batch, features) to all states (steps, directions, batch, hidden) and the last ones.
    private static void Infer(ShapeContext context)
    {
        var hidden = context.Node.Attributes.ContainsKey("hidden_size") ? context.IntOf("hidden_size") : Dim.Unknown;
        var directions = context.TextOf("direction") == "bidirectional" ? 2 : 1;
        var x = context.Shape(0) ?? ShapeContext.UnknownOf(3);
        ShapeContext.Require(x.Rank == 3, $"it takes a sequence of three axes, not {x}");
        var batchFirst = context.IntOf("layout") != 0;
        var (steps, batch) = batchFirst ? (x[1], x[0]) : (x[0], x[1]);
        var all = batchFirst ? new Shape(batch, steps, directions, hidden) : new Shape(steps, directions, batch, hidden);
        var last = batchFirst ? new Shape(batch, directions, hidden) : new Shape(directions, batch, hidden);
        context.Set(all);
        context.Set(1, context.Element(0), last);
        context.Set(2, context.Element(0), last);
    }
}
