using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Expand: broadcasts to a shape given by an input.</summary>
internal sealed class ExpandShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Expand"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        var shape = context.Shape(0);
        if (context.Dims(1) is { } target)
        {
            var result = context.Broadcast(shape, new Shape(target));
            context.Set(result);
            if (shape is { IsKnown: true } && context.Content(0) is { } content)
                context.SetContent(0, Content.Broadcast(result, [(shape, content)], s => s[0]));
        }
        else if (shape is not null && context.Shape(1) is [{ IsKnown: true } rank])
        {
            context.Set(ShapeContext.UnknownOf(Math.Max(shape.Rank, rank.Offset)));
        }
    }
}

/// <summary>Tile: repeats along every axis.</summary>
internal sealed class TileShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Tile"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } shape)
            return;
        var repeats = context.Dims(1);
        ShapeContext.Require(repeats is null || repeats.Length == shape.Rank, $"its repeats don't fit {shape}");
        context.Set(new Shape(shape.Select((d, i) => repeats is null ? Dim.Unknown : d * repeats[i])));
    }
}
