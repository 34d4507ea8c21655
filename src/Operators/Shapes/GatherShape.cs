using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Gather: picks slices along one axis; the indices' shape takes the axis' place.</summary>
internal sealed class GatherShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Gather"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } data || context.Shape(1) is not { } indices)
            return;
        var axis = ShapeContext.Axis(context.Int("axis", 0), data.Rank);
        context.Set(new Shape([.. data.Take(axis), .. indices, .. data.Skip(axis + 1)]));
        if (data.Rank == 1 && context.Content(0) is { } content && context.Numbers(1) is { } picks)
            context.SetContent(0, Array.ConvertAll(picks, p => content[ShapeContext.Axis(p, content.Length, "index")]));
    }
}

/// <summary>GatherElements: one element per index.</summary>
internal sealed class GatherElementsShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["GatherElements"];

    public void Infer(ShapeContext context) => context.Set(context.Shape(1));
}

/// <summary>GatherND: the indices' last axis holds coordinates.</summary>
internal sealed class GatherNDShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["GatherND"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } data || context.Shape(1) is not { Rank: > 0 } indices || !indices[^1].IsKnown)
            return;
        var batch = context.Int("batch_dims", 0);
        ShapeContext.Require(batch >= 0 && indices[^1].Offset >= 0 && batch + indices[^1].Offset <= data.Rank,
            $"indices {indices} don't address {data}");
        context.Set(new Shape([.. indices.SkipLast(1), .. data.Skip((int)(batch + indices[^1].Offset))]));
    }
}
