using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>BatchNormalization: the result, and in training the statistics per channel.</summary>
internal sealed class BatchNormShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["BatchNormalization"];

    public void Infer(ShapeContext context)
    {
        context.Set(context.Shape(0));
        for (var i = 1; i < context.Node.Outputs.Count; i++)
            context.Set(i, context.Element(3), context.Shape(3));
    }
}

/// <summary>LayerNormalization: the result, and the statistics with the normalised axes reduced to one.</summary>
internal sealed class LayerNormShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["LayerNormalization"];

    public void Infer(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape);
        var stash = context.ElementAttribute("stash_type", ElementType.Float);
        Shape? reduced = null;
        if (shape is not null)
        {
            var axis = ShapeContext.Axis(context.Int("axis", -1), shape.Rank);
            reduced = new Shape(shape.Select((d, i) => i < axis ? d : 1));
        }

        context.Set(1, stash, reduced);
        context.Set(2, stash, reduced);
    }
}

/// <summary>Dropout: the result and the mask.</summary>
internal sealed class DropoutShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Dropout"];

    public void Infer(ShapeContext context)
    {
        context.Set(context.Shape(0));
        context.Set(1, ElementType.Bool, context.Shape(0));
    }
}
