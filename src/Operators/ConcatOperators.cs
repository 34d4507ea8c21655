using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that join tensors along an axis, or cut one up.</summary>
internal static class ConcatOperators
{
    private const int UnevenSince = 18;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Concat", new([In.T("inputs", TypeSet.Any).Variadic()], Attr.Axis(fallback: 1)),
            new([In.T("inputs", TypeSet.Any).Variadic()], Attr.Axis().Required()) { Since = 4 })
        {
            Shape = InferConcat,
            Versions = [7, 11, 13],
            Evaluate = Join,
            IsIdentity = (node, _) => node.Inputs.Count == 1,
        },
        new("Split",
            Parts([Data, In.T("split", TypeSet.Any).Optional()], Attr.Ints("split", min: 0)),
            Parts([Data], Attr.Ints("split", min: 0)) with { Since = 2 },
            Parts([Data, In.List("split").Optional()]) with { Since = 13 },
            Parts([Data, In.List("split").Optional()], Attr.Int("num_outputs", min: 1)) with { Since = UnevenSince })
        {
            Shape = InferSplit,
            Versions =
            [
                7, 11, Breaking(13, step => step.MoveToInput("split", 1)),
                Breaking(UnevenSince, CountSplitOutputs, SplitEvenly),
            ],
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static OperatorForm Parts(IReadOnlyList<In> inputs, params IReadOnlyList<Attr> attributes) =>
        new(inputs, [Attr.Axis(fallback: 0), .. attributes]) { MaxOutputs = int.MaxValue };

    // Concat: the sizes along the axis add up, the others must agree.
    private static void InferConcat(ShapeContext context)
    {
        var count = context.Node.Inputs.Count;
        var shapes = Enumerable.Range(0, count).Select(context.Shape).ToArray();
        context.Set(null);
        if (shapes.OfType<Shape>().FirstOrDefault() is not { } any)
            return;
        var axis = ShapeContext.Axis(context.IntOf("axis"), any.Rank);
        var merged = context.UnifyAll(shapes, axis)!;
        var sum = shapes.Aggregate(Dim.Known(0), (total, shape) => total + (shape?[axis] ?? Dim.Unknown));
        context.Set(merged.With(axis, sum));
        if (any.Rank == 1 && Array.TrueForAll(shapes, s => s is [{ IsKnown: true, Offset: >= 0 and <= Content.MaxElements }]))
            context.SetContent(0, [.. shapes.SelectMany((s, i) => context.Content(i) ?? new Scalar[s![0].Offset])]);
    }

    private static TensorData? Join(Node node, TensorData data, IReadOnlyList<TensorData?> inputs)
    {
        var parts = inputs.OfType<TensorData>().ToArray();
        var rank = data.Dims.Count;
        var axis = Constants.FromFront(node.IntOf("axis"), rank);
        var fits = parts.Length == inputs.Count && rank > 0 && parts.All(p =>
            p.Element == data.Element && p.Dims.Count == rank && !p.Dims.Where((d, i) => i != axis && d != data.Dims[i]).Any());
        return fits && data.Dims.Take(axis).All(d => d > 0) ? TensorMovement.Concat(parts, axis) : null;
    }

    // Split by an attribute, by an input, or into equal parts.
    private static void InferSplit(ShapeContext context)
    {
        var count = context.Node.Outputs.Count;
        var shape = context.Shape(0);
        for (var i = 0; i < count; i++)
            context.Set(i, context.Element(0), null);
        if (shape is null || count == 0)
            return;
        var axis = ShapeContext.Axis(context.IntOf("axis"), shape.Rank);
        var sizes = Given(context) ?? Equal(context, context.Has(1) ? Dim.Unknown : shape[axis], count);
        ShapeContext.Require(sizes.Length == count, $"it splits into {sizes.Length} parts but has {count} outputs");
        context.Unify(sizes.Aggregate(Dim.Known(0), (total, size) => total + size), shape[axis], "the parts' sum and the size");
        var content = shape.Rank == 1 ? context.Content(0) : null;
        var start = 0L;
        for (var i = 0; i < count; i++)
        {
            context.Set(i, context.Element(0), shape.With(axis, sizes[i]));
            if (content is null || !sizes[i].IsKnown || sizes[i].Offset < 0 || start + sizes[i].Offset > content.Length)
                content = null;
            else
                context.SetContent(i, content[(int)start..(int)(start += sizes[i].Offset)]);
        }
    }

    private static Dim[]? Given(ShapeContext context) =>
        context.Ints("split") is { } sizes ? [.. sizes.Select(Dim.Known)] : context.Dims(1);

    private static Dim[] Equal(ShapeContext context, Dim size, int count)
    {
        var part = size.CeilDivide(count);
        var last = size - part * (count - 1);
        if (part.IsKnown && last != part && context.Opset is > 0 and < UnevenSince)
            context.Report(ConflictKind.Provable, $"{size} doesn't split into {count} equal parts");
        return [.. Enumerable.Repeat(part, count - 1), last];
    }

    private static void CountSplitOutputs(RewriteStep step)
    {
        if (step.Node.Input(1) is null)
            step.Node.With("num_outputs", step.Node.Outputs.Count);
    }

    // Before opset 18 an even split had to come out even.
    private static void SplitEvenly(RewriteStep step)
    {
        var node = step.Node;
        var parts = node.GetInt("num_outputs", node.Outputs.Count);
        node.Attributes.Remove("num_outputs");
        if (node.Input(1) is not null)
            return;
        var axis = step.Int("axis");
        var size = step.ShapeOf(node.Input(0)) is { } shape ? shape[Constants.FromFront(axis, shape.Rank)] : Dim.Unknown;
        if (!size.IsKnown)
            throw step.Decline("the size of the axis it splits is unknown");
        var part = (size.Value + parts - 1) / parts;
        var sizes = Enumerable.Range(0, (int)parts).Select(i => Math.Clamp(size.Value - (i * part), 0, part)).ToArray();
        if (size.Value % parts != 0)
            node.SetInput(1, step.Emit.Ints(node, "split", sizes));
    }
}
