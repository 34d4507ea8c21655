using MsSrConvert.GraphIR;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that change the element type.</summary>
internal static class ConversionOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Cast") { Inputs = [In.Of("input", TypeSet.Any)], Attributes = [Attr.Text("to").Required()] },
        new("Cast") { Since = 6, Inputs = [In.Of("input", TypeSet.Any)], Attributes = [Attr.Int("to", min: 1, max: (long)ElementType.Int2).Required()] },
        new("CastLike") { Inputs = [In.Of("input", TypeSet.Any), In.Of("target_type", TypeSet.Any)] },
        new("QuantizeLinear")
        {
            Inputs = [In.Of("x", TypeSet.Numbers), In.Of("y_scale", TypeSet.Any), In.Of("y_zero_point", TypeSet.Any).Optional()],
            Attributes = [Attr.Axis(fallback: 1), Attr.Int("block_size", 0, min: 0)],
        },
        new("DequantizeLinear")
        {
            Inputs = [In.Of("x", TypeSet.Any), In.Of("x_scale", TypeSet.Any), In.Of("x_zero_point", TypeSet.Any).Optional()],
            Attributes = [Attr.Axis(fallback: 1), Attr.Int("block_size", 0, min: 0)],
        },
        new("DynamicQuantizeLinear") { Inputs = [In.Of("x", TypeSet.Float)], MinOutputs = 3, MaxOutputs = 3 },
    ];
}
