using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Constant in all its forms; sparse ones stay unknown.</summary>
internal sealed class ConstantShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Constant"];

    public void Infer(ShapeContext context)
    {
        if (context.Node.Attributes.Count != 1)
            return;
        var (name, value) = context.Node.Attributes.GetAt(0);
        switch (name, value)
        {
            case ("value", TensorAttribute tensor):
                context.Set(0, tensor.Value.Element, tensor.Value.Shape);
                context.SetContent(0, Content.Of(tensor.Value));
                break;
            case ("value_int", IntAttribute one):
                context.Set(0, ElementType.Int64, new Shape());
                context.SetContent([one.Value]);
                break;
            case ("value_ints", IntsAttribute many):
                context.Set(0, ElementType.Int64, new Shape(many.Values.Count));
                context.SetContent(many.Values.Select(Dim.Known));
                break;
            case ("value_float", FloatAttribute one):
                context.Set(0, ElementType.Float, new Shape());
                context.SetContent(0, [Scalar.OfReal(one.Value)]);
                break;
            case ("value_floats", FloatsAttribute many):
                context.Set(0, ElementType.Float, new Shape(many.Values.Count));
                context.SetContent(0, [.. many.Values.Take(Content.MaxElements + 1).Select(v => Scalar.OfReal(v))]);
                break;
            case ("value_string", StringAttribute):
                context.Set(0, ElementType.String, new Shape());
                break;
            case ("value_strings", StringsAttribute many):
                context.Set(0, ElementType.String, new Shape(many.Values.Count));
                break;
        }
    }
}

/// <summary>ConstantOfShape: one value in a shape given by an input.</summary>
internal sealed class ConstantOfShapeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["ConstantOfShape"];

    public void Infer(ShapeContext context)
    {
        var value = context.Attribute<TensorAttribute>("value", "a tensor")?.Value;
        var element = value?.Element ?? ElementType.Float;
        context.Set(0, element, null);
        if (context.Dims(0) is { } target)
        {
            var shape = new Shape(target);
            context.Set(0, element, shape);
            var fill = value is null ? [Scalar.Of(0)] : Content.Of(value);
            if (fill is [var one] && Content.CountOf(shape) is { } count)
                context.SetContent(0, [.. Enumerable.Repeat(one, count)]);
        }
        else if (context.Shape(0) is [{ IsKnown: true } rank])
        {
            context.Set(0, element, ShapeContext.UnknownOf(rank.Offset));
        }
    }
}

/// <summary>Shape: a tensor's sizes, or (opset 15) a range of them.</summary>
internal sealed class ShapeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Shape"];

    public void Infer(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, ShapeContext.UnknownOf(1));
        if (context.Shape(0) is not { } shape)
            return;
        var start = Bound(context.Int("start", 0), shape.Rank);
        var end = Math.Max(start, Bound(context.Int("end", shape.Rank), shape.Rank));
        context.Set(0, ElementType.Int64, new Shape(end - start));
        context.SetContent(shape.Take(end).Skip(start));
    }

    private static int Bound(long bound, int rank) => (int)Math.Clamp(bound < 0 ? bound + rank : bound, 0, rank);
}

/// <summary>Size: the number of elements.</summary>
internal sealed class SizeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Size"];

    public void Infer(ShapeContext context)
    {
        context.Set(0, ElementType.Int64, new Shape());
        context.SetContent([context.Shape(0)?.ElementCount ?? Dim.Unknown]);
    }
}

/// <summary>Range: from a start to a limit by a step.</summary>
internal sealed class RangeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Range"];

    public void Infer(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(1));
        if (context.Content(0) is not [var start] || context.Content(1) is not [var limit]
            || context.Content(2) is not [var step])
        {
            return;
        }

        var count = ((limit - start) / step).Ceiling().Dim;
        if (count is { IsKnown: true, Offset: < 0 })
            count = 0;
        context.Set(new Shape(count));
        if (count is { IsKnown: true, Offset: <= Content.MaxElements })
            context.SetContent(0, [.. Enumerable.Range(0, (int)count.Offset).Select(i => start + step * Scalar.Of(i))]);
    }
}
