using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Squeeze: drops the given axes of size 1, or all such.</summary>
internal sealed class SqueezeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Squeeze"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        context.SetContent(0, context.Content(0));
        if (context.Shape(0) is not { } shape)
            return;
        var given = context.Has(1) ? context.Numbers(1) : context.Ints("axes");
        if (given is not null)
        {
            var axes = ShapeContext.Axes(given, shape.Rank);
            ShapeContext.Require(axes.All(a => !shape[a].IsKnown || shape[a] == 1), $"it drops an axis of {shape} that isn't 1");
            context.Set(new Shape(shape.Where((_, i) => !axes.Contains(i))));
        }
        else if (context.Has(1))
        {
            if (context.Shape(1) is [{ IsKnown: true } count])
                context.Set(ShapeContext.UnknownOf(shape.Rank - count.Offset));
        }
        else if (shape.IsKnown)
        {
            context.Set(new Shape(shape.Where(d => d != 1)));
        }
    }
}

/// <summary>Unsqueeze: inserts axes of size 1.</summary>
internal sealed class UnsqueezeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Unsqueeze"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        context.SetContent(0, context.Content(0));
        if (context.Shape(0) is not { } shape)
            return;
        if ((context.Has(1) ? context.Numbers(1) : context.Ints("axes")) is { } given)
        {
            var axes = ShapeContext.Axes(given, shape.Rank + given.Count);
            var rest = new Queue<Dim>(shape);
            var all = Enumerable.Range(0, shape.Rank + axes.Length);
            context.Set(new Shape(all.Select(i => axes.Contains(i) ? 1 : rest.Dequeue())));
        }
        else if (context.Shape(1) is [{ IsKnown: true } count])
        {
            context.Set(ShapeContext.UnknownOf(shape.Rank + count.Offset));
        }
    }
}
