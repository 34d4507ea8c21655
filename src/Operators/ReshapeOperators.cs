using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that give the elements another shape, in the same order, or repeat them.</summary>
internal static class ReshapeOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Reshape", new([Data], Attr.Ints("shape")),
            new([Data, In.List("shape").Rank(1, 1)], Attr.Flag("allowzero").Added(14)) { Since = 5 })
        {
            Shape = InferReshape,
            Versions = [7, 13, 14, 19, 21, 23, 24, 25],
            Evaluate = (node, data, _) => Reshape(node, data),
            IsIdentity = (node, shapes) => SharedShapes.IsKept(node, shapes.Value),
        },
        new("Flatten", new OperatorForm([Data], Attr.Axis(fallback: 1)))
        {
            Traits = Traits.WholeMap,
            Shape = InferFlatten,
            Versions = [7, 9, 11, 13, 21, 23, 24, 25],
        },
        new("Squeeze", new([Data], Attr.Ints("axes")), new([Data, In.List("axes").Optional()]) { Since = 13 })
        {
            Shape = InferSqueeze,
            Versions = [7, 11, Breaking(13, RewriteStep.AxesToInput), 21, 23, 24, 25],
            Evaluate = (node, data, _) => Squeeze(node, data),
        },
        new("Unsqueeze", new([Data], Attr.Ints("axes").Required()), new([Data, In.List("axes")]) { Since = 13 })
        {
            Shape = InferUnsqueeze,
            Versions = [7, 11, Breaking(13, RewriteStep.AxesToInput), 21, 23, 24, 25],
            Evaluate = (node, data, _) => Unsqueeze(node, data),
        },
        new("Expand", new OperatorForm([Data, In.List("shape").Rank(1, 1)]))
        {
            Shape = InferExpand,
            Versions = [8, 13],
            IsIdentity = (node, shapes) => SharedShapes.IsKept(node, shapes.Value),
        },
        new("Tile", new([Data, In.Of("tiles", TypeSet.Any), In.Of("axis", TypeSet.Any)]),
            new([Data, In.List("repeats").Rank(1, 1)]) { Since = 6 })
        {
            Shape = InferTile,
            Versions = [7, 13],
            IsIdentity = (node, shapes) => SharedShapes.IsKept(node, shapes.Value),
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    // Reshape: 0 copies a size, -1 is what remains; the target may be computed from other shapes.
    private static void InferReshape(ShapeContext context)
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
        var zeroCopies = context.IntOf("allowzero") == 0;
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

    private static TensorData? Reshape(Node node, TensorData data)
    {
        if (node.Input(1).ConstantInts() is not { } dims)
            return null;
        var copiesZero = node.IntOf("allowzero") == 0;
        for (var i = 0; i < dims.Length; i++)
            dims[i] = dims[i] == 0 && copiesZero && i < data.Dims.Count ? data.Dims[i] : dims[i];
        var open = Array.IndexOf(dims, -1);
        var product = dims.Where(d => d != -1).Aggregate(1L, (p, d) => p * d);
        if (open >= 0 && product > 0)
            dims[open] = data.Count / product;
        return dims.Aggregate(1L, (p, d) => p * d) == data.Count ? TensorNumbers.Reshaped(data, dims) : null;
    }

    // Flatten: to a matrix, the axes before and from the given one joined.
    private static void InferFlatten(ShapeContext context)
    {
        context.Set(ShapeContext.UnknownOf(2));
        context.SetContent(0, context.Content(0));
        if (context.Shape(0) is not { } shape)
            return;
        var axis = context.IntOf("axis");
        var at = axis == shape.Rank ? shape.Rank : ShapeContext.Axis(axis, shape.Rank);
        context.Set(new Shape(new Shape(shape.Take(at)).ElementCount, new Shape(shape.Skip(at)).ElementCount));
    }

    // Squeeze: drops the given axes of size 1, or all such.
    private static void InferSqueeze(ShapeContext context)
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

    private static TensorData? Squeeze(Node node, TensorData data)
    {
        var axes = node.GetInts("axes") ?? node.Input(1).ConstantInts();
        if (axes is null && node.Inputs.Count > 1)
            return null;
        var dropped = axes?.Select(a => Constants.FromFront(a, data.Dims.Count)).ToHashSet();
        return TensorNumbers.Reshaped(data, [.. data.Dims.Where((d, i) => dropped is null ? d != 1 : !dropped.Contains(i))]);
    }

    // Unsqueeze: inserts axes of size 1.
    private static void InferUnsqueeze(ShapeContext context)
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

    private static TensorData? Unsqueeze(Node node, TensorData data)
    {
        if ((node.GetInts("axes") ?? node.Input(1).ConstantInts()) is not { } axes)
            return null;
        var rank = data.Dims.Count + axes.Count;
        var inserted = axes.Select(a => Constants.FromFront(a, rank)).ToHashSet();
        var rest = new Queue<long>(data.Dims);
        long[] dims = [.. Enumerable.Range(0, rank).Select(i => inserted.Contains(i) ? 1 : rest.Dequeue())];
        return TensorNumbers.Reshaped(data, dims);
    }

    // Expand: broadcasts to a shape given by an input.
    private static void InferExpand(ShapeContext context)
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

    // Tile: repeats along every axis.
    private static void InferTile(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } shape)
            return;
        var repeats = context.Dims(1);
        ShapeContext.Require(repeats is null || repeats.Length == shape.Rank, $"its repeats don't fit {shape}");
        context.Set(new Shape(shape.Select((d, i) => repeats is null ? Dim.Unknown : d * repeats[i])));
    }
}
