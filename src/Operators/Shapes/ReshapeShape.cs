using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Reshape: 0 copies a size, -1 is what remains; the target may be computed from other shapes.</summary>
internal sealed class ReshapeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Reshape"];

    public void Infer(ShapeContext context)
    {
        context.Set(null);
        var shape = context.Shape(0);
        if ((context.Dims(1) ?? context.Ints("shape")?.Select(Dim.Known).ToArray()) is { } target)
            context.Set(Resolve(context, shape, target));
        else if (context.Shape(1) is [{ IsKnown: true } rank])
            context.Set(ShapeContext.UnknownOf(rank.Offset));
        context.SetContent(0, context.Content(0));
    }

    private static Shape Resolve(ShapeContext context, Shape? shape, Dim[] target)
    {
        var dims = (Dim[])target.Clone();
        var open = -1;
        var copied = new HashSet<int>();
        var zeroCopies = context.Int("allowzero", 0) == 0;
        for (var i = 0; i < dims.Length; i++)
        {
            if (dims[i] == -1)
            {
                ShapeContext.Require(open < 0, "its target leaves two sizes open");
                open = i;
                dims[i] = Dim.Unknown;
            }
            else if (dims[i] == 0 && zeroCopies)
            {
                ShapeContext.Require(shape is null || i < shape.Rank, $"its target copies size {i}, which the data doesn't have");
                dims[i] = shape?[i] ?? Dim.Unknown;
                copied.Add(i);
            }
            else
            {
                ShapeContext.Require(!dims[i].IsKnown || dims[i].Offset >= 0, $"its target holds {dims[i]}");
            }
        }

        // A single size that the target leaves unknown is settled by the number of elements just as -1 is.
        if (open < 0 && dims.Index().Where(d => d.Item.IsUnknown && !copied.Contains(d.Index)).ToArray() is [var single])
            open = single.Index;
        return shape is null ? new Shape(dims) : new Shape(Solve(context, shape, dims, copied, open));
    }

    private static Dim[] Solve(ShapeContext context, Shape shape, Dim[] dims, HashSet<int> copied, int open)
    {
        var have = shape.Where((_, i) => !copied.Contains(i)).ToList();
        var want = new List<Dim>();
        for (var i = 0; i < dims.Length; i++)
        {
            // Equal factors cancel as they are; that keeps sizes that are neither numbers nor single symbols solvable.
            if (i != open && !copied.Contains(i) && (dims[i].IsUnknown || !have.Remove(dims[i])))
                want.Add(dims[i]);
        }

        var count = have.Aggregate(Dim.Known(1), (product, dim) => product * dim);
        var rest = want.Aggregate(Dim.Known(1), (product, dim) => product * dim);
        if (open < 0)
        {
            context.Unify(count, rest, "numbers of elements");
            return dims;
        }

        if (count.TryDivide(rest, out var quotient))
            dims[open] = quotient;
        else if (rest is { IsKnown: true, Offset: > 0 } && count.IsKnown)
            context.Report(ConflictKind.Provable, $"{shape} can't be divided into [{string.Join(", ", dims)}]");
        else if (rest is { IsKnown: true, Offset: > 0 })
            dims[open] = count.FloorDivide(rest.Offset);
        return dims;
    }
}

/// <summary>Flatten: to a matrix, the axes before and from the given one joined.</summary>
internal sealed class FlattenShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Flatten"];

    public void Infer(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(2));
        context.SetContent(0, context.Content(0));
        if (context.Shape(0) is not { } shape)
            return;
        var axis = context.Int("axis", 1);
        var at = axis == shape.Rank ? shape.Rank : ShapeContext.Axis(axis, shape.Rank);
        context.Set(new Shape(new Shape(shape.Take(at)).ElementCount, new Shape(shape.Skip(at)).ElementCount));
    }
}

/// <summary>Transpose: the axes in another order, reversed by default.</summary>
internal sealed class TransposeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Transpose"];

    public void Infer(ShapeContext context)
    {
        var order = context.Ints("perm");
        var shape = context.Shape(0) ?? (order is null ? null : ShapeContext.UnknownOf(order.Count));
        context.Set(null);
        if (shape is null)
            return;
        var axes = order is null ? [.. Enumerable.Range(0, shape.Rank).Reverse()] : ShapeContext.Axes(order, shape.Rank);
        ShapeContext.Require(axes.Length == shape.Rank, $"it permutes {axes.Length} axes of {shape}");
        context.Set(new Shape(axes.Select(a => shape[a])));
        if (context.Content(0) is { } content && shape.IsKnown)
            context.SetContent(0, Content.Pick(content, shape, [.. axes.Select(a => (a, Enumerable.Range(0, (int)shape[a].Offset).ToArray()))]));
    }
}
