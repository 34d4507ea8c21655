using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Products of matrices.</summary>
internal static class ProductOperators
{
    private static readonly TypeSet Factors = TypeSet.Floats | TypeSet.Integers;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("MatMul") { Inputs = [In.T("A", Factors).Rank(1), In.T("B", Factors).Rank(1)] },
        Gemm,
        Gemm with { Since = 11, Inputs = [.. Gemm.Inputs.Take(2), Gemm.Inputs[2].Optional()] },
        new("Einsum") { Inputs = [In.T("Inputs", TypeSet.Numbers).Variadic()], Attributes = [Attr.Text("equation").Required()] },
        new("Det") { Inputs = [In.T("X", TypeSet.Floats).Rank(2)] },
        new("MatMulInteger")
        {
            Inputs =
            [
                In.Of("A", TypeSet.Bytes).Rank(1), In.Of("B", TypeSet.Bytes).Rank(1), In.Of("a_zero_point", TypeSet.Bytes).Optional(),
                In.Of("b_zero_point", TypeSet.Bytes).Optional(),
            ],
        },
        new("QLinearMatMul")
        {
            Inputs =
            [
                In.Of("a", TypeSet.Any), In.Of("a_scale", TypeSet.Floats), In.Of("a_zero_point", TypeSet.Any), In.Of("b", TypeSet.Any),
                In.Of("b_scale", TypeSet.Floats), In.Of("b_zero_point", TypeSet.Any), In.Of("y_scale", TypeSet.Floats), In.Of("y_zero_point", TypeSet.Any),
            ],
        },
    ];

    private static Operator Gemm => new("Gemm")
    {
        Inputs = [In.T("A", Factors).Rank(2, 2), In.T("B", Factors).Rank(2, 2), In.T("C", Factors).Rank(0, 2)],
        Attributes = [Attr.Float("alpha", 1), Attr.Float("beta", 1), Attr.Flag("transA"), Attr.Flag("transB")],
    };
}
