using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that reduce axes to one element.</summary>
internal static class ReductionOperators
{
    private const long SumAxesAsInput = 13;
    private const long AxesAsInput = 18;

    private static readonly string[] Names =
    [
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum",
        "ReduceSumSquare",
    ];

    /// <summary>The operators, with those that keep the sum or product so far.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        .. Names.Select(name => new Operator(name) { Inputs = [Data], Attributes = [Attr.Ints("axes"), Attr.Flag("keepdims", 1)] }),
        .. Names.Select(name => new Operator(name)
        {
            Since = name == "ReduceSum" ? SumAxesAsInput : AxesAsInput,
            Inputs = [Data, In.List("axes").Optional()],
            Attributes = [Attr.Flag("keepdims", 1), Attr.Flag("noop_with_empty_axes")],
        }),
        Cumulative("CumSum"), Cumulative("CumProd"),
        new("ArgMax") { Inputs = [Data], Attributes = [Attr.Axis(fallback: 0), Attr.Flag("keepdims", 1), Attr.Flag("select_last_index")] },
        new("ArgMin") { Inputs = [Data], Attributes = [Attr.Axis(fallback: 0), Attr.Flag("keepdims", 1), Attr.Flag("select_last_index")] },
        new("TopK") { Inputs = [Data], MaxOutputs = 2, Attributes = [Attr.Axis(fallback: -1), Attr.Int("k", min: 0).Required()] },
        new("TopK")
        {
            Since = 10,
            Inputs = [Data, In.List("K")],
            MaxOutputs = 2,
            Attributes = [Attr.Axis(fallback: -1), Attr.Flag("largest", 1), Attr.Flag("sorted", 1)],
        },
    ];

    private static Operator Cumulative(string name) => new(name)
    {
        Inputs = [In.T("x", TypeSet.Numbers), In.Single("axis", TypeSet.Index)],
        Attributes = [Attr.Flag("exclusive"), Attr.Flag("reverse")],
    };

    private static In Data => In.T("data", TypeSet.Numbers | TypeSet.Bool);
}
