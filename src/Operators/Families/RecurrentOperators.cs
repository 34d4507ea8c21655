using MsSrConvert.GraphIR;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Recurrent layers over sequences.</summary>
internal static class RecurrentOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } = [Of("RNN", 2, []), Of("GRU", 2, [Attr.Flag("linear_before_reset")]), Of("LSTM", 3, [Attr.Flag("input_forget")])];

    private static Operator Of(string name, int outputs, IReadOnlyList<Attr> attributes)
    {
        In[] states = outputs == 3 ? [State("initial_c"), State("P")] : [];
        return new Operator(name)
        {
            Inputs =
            [
                In.T("X", TypeSet.Floats).Rank(3, 3), In.T("W", TypeSet.Floats).Rank(3, 3), In.T("R", TypeSet.Floats).Rank(3, 3),
                In.T("B", TypeSet.Floats).Rank(2, 2).Optional(), In.Of("sequence_lens", TypeSet.Of(ElementType.Int32)).Rank(1, 1).Optional(),
                State("initial_h"), .. states,
            ],
            MinOutputs = 0,
            MaxOutputs = outputs,
            Attributes =
            [
                Attr.Text("direction", "forward", "forward", "reverse", "bidirectional"), Attr.Int("hidden_size", min: 1),
                Attr.Int("layout", 0, 0, 1), .. attributes,
            ],
        };
    }

    private static In State(string name) => In.T(name, TypeSet.Floats).Optional();
}
