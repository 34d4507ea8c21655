using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Cast and CastLike.</summary>
internal sealed class CastShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Cast", "CastLike"];

    public void Infer(ShapeContext context)
    {
        var element = context.Node.OpType == "Cast" ? context.ElementAttribute("to", ElementType.Undefined) : context.Element(1);
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
}
