using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Quantization and its inverse: the shape stays, the element type follows the zero point or the scale.</summary>
internal sealed class QuantizeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear"];

    public void Infer(ShapeContext context)
    {
        var element = context.Node.OpType switch
        {
            "DequantizeLinear" => context.ElementAttribute("output_dtype", context.Element(1)),
            "QuantizeLinear" when context.Has(2) => context.Element(2),
            "QuantizeLinear" => context.ElementAttribute("output_dtype", ElementType.UInt8),
            _ => ElementType.UInt8,
        };
        context.Set(0, element, context.Shape(0));
        context.Set(1, ElementType.Float, new Shape());
        context.Set(2, ElementType.UInt8, new Shape());
    }
}
