using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that change the element type.</summary>
internal static class ConversionOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Cast",
            new([In.Of("input", TypeSet.Any)], Attr.Text("to").Required()),
            new([In.Of("input", TypeSet.Any)],
                Attr.Int("to", min: 1, max: (long)ElementType.Int2).Required(), Saturate, RoundMode)
            {
                Since = 6,
            })
        {
            Traits = Traits.Unary,
            Shape = context => InferCast(context, context.ElementAttribute("to", ElementType.Undefined)),
            Versions = [7, 9, 13, 19, 21, 23, 24, 25],
            Evaluate = (node, data, _) => TensorArithmetic.Cast(data, (ElementType)node.IntOf("to")),
            IsIdentity = (node, shapes) =>
                shapes.Value.TypeOf(node.Input(0)!)?.Element is { } element && node.IntOf("to") == (int)element,
        },
        new("CastLike", new OperatorForm([In.Of("input", TypeSet.Any), In.Of("target_type", TypeSet.Any)], Saturate, RoundMode))
        {
            Shape = context => InferCast(context, context.Element(1)),
            Versions = [15, 19, 21, 23, 24, 25],
            Decomposition = CastLike,
        },
        new("QuantizeLinear", new OperatorForm(
            [In.Of("x", TypeSet.Numbers), In.Of("y_scale", TypeSet.Any), In.Of("y_zero_point", TypeSet.Any).Optional()],
            Attr.Axis(fallback: 1), BlockSize, Saturate, Attr.Int("output_dtype", 0).Added(21),
            Attr.Int("precision", 0).Added(23)))
        {
            Shape = context => context.Set(0, QuantizedType(context), context.Shape(0)),
            Versions = [10, 13, 19, 21, 23, 24, 25],
        },
        new("DequantizeLinear", new OperatorForm(
            [In.Of("x", TypeSet.Any), In.Of("x_scale", TypeSet.Any), In.Of("x_zero_point", TypeSet.Any).Optional()],
            Attr.Axis(fallback: 1), BlockSize, Attr.Int("output_dtype", 0).Added(23)))
        {
            Shape = context => context.Set(0, context.ElementAttribute("output_dtype", context.Element(1)), context.Shape(0)),
            Versions = [10, 13, 19, 21, 23, 24, 25],
        },
        new("DynamicQuantizeLinear", new OperatorForm([In.Of("x", TypeSet.Float)]) { MinOutputs = 3, MaxOutputs = 3 })
        {
            Traits = Traits.WholeMap,
            Shape = InferDynamic,
            Versions = [11],
        },
    ];

    private static Attr BlockSize => Attr.Int("block_size", 0, min: 0).Added(21);

    private static Attr Saturate => Attr.Flag("saturate", 1).Added(19);

    // Concerns element types only that are refused by themselves.
    private static Attr RoundMode => Attr.Text("round_mode", "up").Added(24) with { NeverMatters = true };

    // Casts and CastLike: the shape stays, known elements are converted.
    private static void InferCast(ShapeContext context, ElementType element)
    {
        context.Set(0, element, context.Shape(0));
        if (element != ElementType.Undefined && context.Content(0) is { } content)
            context.SetContent(0, Array.ConvertAll(content, s => Convert(s, element)));
    }

    private static Scalar Convert(Scalar scalar, ElementType element)
    {
        if (element == ElementType.Bool)
            return Scalar.Compare(scalar, Scalar.Of(0)) is { } sign ? Scalar.Of(sign == 0 ? 0 : 1) : Scalar.Unknown;
        return element.IsFloatingPoint() ? scalar : scalar.Truncate();
    }

    // The zero point's type, else the one that is asked for.
    private static ElementType QuantizedType(ShapeContext context) =>
        context.Has(2) ? context.Element(2) : context.ElementAttribute("output_dtype", ElementType.UInt8);

    private static void InferDynamic(ShapeContext context)
    {
        context.Set(0, ElementType.UInt8, context.Shape(0));
        context.Set(1, ElementType.Float, new Shape());
        context.Set(2, ElementType.UInt8, new Shape());
    }

    private static void CastLike(RewriteStep step)
    {
        var to = step.Node.Input(1)?.Tensor?.Element ?? step.ElementOf(step.Node.Input(1));
        step.Become("Cast", step.Node.Input(0));
        step.Node.With("to", (long)to);
    }
}
