using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that take a part of a tensor, or put something around it.</summary>
internal static class CropOperators
{
    // Exporters write "to the end" as INT32_MAX, INT64_MAX or a number near them.
    private const long Far = int.MaxValue / 2;
    private const int SomeAxes = 18;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Slice",
            new([Data], Attr.Ints("starts").Required(), Attr.Ints("ends").Required(), Attr.Ints("axes")),
            new([Data, Bounds("starts"), Bounds("ends"), Bounds("axes").Optional(), Bounds("steps").Optional()]) { Since = 10 })
        {
            Shape = InferSlice,
            Versions = [7, Breaking(10, SliceToInputs), 11, 13],
            Evaluate = (node, data, _) => Slice(node, data),
            IsIdentity = (node, shapes) => StepsForward(node) && SharedShapes.IsKept(node, shapes.Value),
        },
        new("Pad",
            new([Data], PadMode, Attr.Ints("paddings").Required(), Attr.Float("value", 0)),
            new([Data], PadMode, Attr.Ints("pads").Required(), Attr.Float("value", 0)) { Since = 2 },
            new(
                [Data, In.List("pads"), In.T("constant_value", TypeSet.Any).Rank(0, 1).Optional(), Bounds("axes").Optional()],
                PadMode)
            {
                Since = 11,
            })
        {
            Shape = InferPad,
            Versions =
            [
                7, Breaking(11, PadsToInputs), 13, new(SomeAxes) { Downgrade = PadAllAxes }, new(19) { Downgrade = RefuseWrap },
                21, 23, 24, 25,
            ],
            IsIdentity = (node, _) => PadsNothing(node),
        },
        new("CenterCropPad", new OperatorForm([Data, In.Of("shape", TypeSet.Index).Rank(1, 1)], Attr.Ints("axes")))
        {
            Shape = InferCenterCropPad,
            Versions = [18],
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static Attr PadMode => Attr.Text("mode", "constant", "constant", "reflect", "edge", "wrap");

    private static In Bounds(string name) => In.Of(name, TypeSet.Index).Rank(1, 1);

    // Slice, with bounds as attributes (opset 1) or inputs (opset 10).
    private static void InferSlice(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape is null ? null : ShapeContext.UnknownOf(shape.Rank));
        if (shape is null)
            return;
        var byInput = context.Has(1);
        var starts = byInput ? context.Dims(1) : Constant(context, "starts");
        var ends = byInput ? context.Dims(2) : Constant(context, "ends");
        var count = starts?.Length ?? ends?.Length ?? BoundsCount(context);
        if (count is null || Axes(context, shape.Rank, count.Value) is not { } axes)
            return;
        var steps = context.Has(4) ? context.Dims(4) : [.. Enumerable.Repeat(Dim.Known(1), count.Value)];
        ShapeContext.Require(
            new[] { starts?.Length, ends?.Length, axes.Length, steps?.Length }.All(length => (length ?? count) == count),
            "its starts, ends, axes and steps differ in number");
        var dims = shape.ToList();
        for (var i = 0; i < count; i++)
        {
            var known = starts is not null && ends is not null && steps is not null;
            dims[axes[i]] = known ? Length(dims[axes[i]], starts![i], ends![i], steps![i]) : Dim.Unknown;
        }

        context.Set(new Shape(dims));
        if (context.Content(0) is { } content && shape.IsKnown && dims.All(d => d.IsKnown)
            && starts?.All(d => d.IsKnown) == true && steps?.All(d => d.IsKnown) == true)
        {
            var picks = dims.Select((length, axis) => (axis, Places(shape, length, axis, axes, starts, steps)));
            context.SetContent(0, Content.Pick(content, shape, [.. picks]));
        }
    }

    private static Dim[]? Constant(ShapeContext context, string name) =>
        [.. (context.Ints(name) ?? throw new MalformedNodeException($"attribute '{name}' is missing")).Select(Dim.Known)];

    private static int? BoundsCount(ShapeContext context) =>
        context.Shape(1) is [{ IsKnown: true, Offset: >= 0 and <= Content.MaxElements } count] ? (int)count.Offset : null;

    private static int[]? Axes(ShapeContext context, int rank, int count)
    {
        if (context.Has(3) && context.Numbers(3) is null)
            return null;
        var axes = context.Numbers(3) ?? context.Ints("axes");
        return ShapeContext.Axes(axes ?? [.. Enumerable.Range(0, count)], rank);
    }

    private static int[] Places(Shape shape, Dim length, int axis, int[] axes, Dim[] starts, Dim[] steps)
    {
        var sliced = Array.IndexOf(axes, axis);
        var size = shape[axis].Offset;
        var (start, step) = sliced < 0 ? (0, 1) : (starts[sliced].Offset, steps[sliced].Offset);
        var first = start < 0 ? Math.Max(start + size, 0) : Math.Min(start, size - (step < 0 ? 1 : 0));
        return [.. Enumerable.Range(0, (int)length.Offset).Select(i => (int)(first + i * step))];
    }

    /// <summary>
    /// The number of elements a slice takes of an axis. A symbolic size is taken to hold what is cut off its front and end;
    /// whether it reaches an end counted from its front must be proven.
    /// </summary>
    private static Dim Length(Dim size, Dim start, Dim end, Dim step)
    {
        if (!step.IsKnown)
            return Dim.Unknown;
        ShapeContext.Require(step.Offset != 0, "a step is 0");
        if (start.IsUnknown || end.IsUnknown)
            return Dim.Unknown;
        if (size == 0)
            return 0;
        if (step.Offset > 0)
        {
            var from = start.IsKnown && start.Offset <= -Far ? 0 : Clamp(FromFront(start, size), size);
            var to = IsFar(end) ? size : Smaller(FromFront(end, size), size);
            return AtLeastZero((to - from).CeilDivide(step.Offset));
        }

        var last = size - 1;
        var begin = IsFar(start) ? last : Smaller(FromFront(start, size), last);
        // Going backwards even a start before the first element is moved onto it.
        if (begin is { IsKnown: true, Offset: < 0 })
            begin = 0;
        var stop = end.IsKnown && end.Offset <= -Far ? -1 : AtLeastMinusOne(FromFront(end, size));
        return AtLeastZero((begin - stop).CeilDivide(-step.Offset));
    }

    private static bool IsFar(Dim bound) => bound is { IsKnown: true, Offset: >= Far };

    private static Dim FromFront(Dim bound, Dim size) => Dim.Known(-1).IsAtLeast(bound) ? size + bound : bound;

    private static Dim Clamp(Dim bound, Dim size) =>
        bound.IsKnown && size.IsKnown ? Math.Clamp(bound.Offset, 0, size.Offset) : bound;

    private static Dim Smaller(Dim bound, Dim limit) =>
        limit.IsAtLeast(bound) ? bound : bound.IsAtLeast(limit) ? limit : Dim.Unknown;

    private static Dim AtLeastZero(Dim length) => length is { IsKnown: true, Offset: < 0 } ? 0 : length;

    private static Dim AtLeastMinusOne(Dim bound) => bound is { IsKnown: true, Offset: < -1 } ? -1 : bound;

    private static TensorData? Slice(Node node, TensorData data)
    {
        var starts = node.GetInts("starts") ?? node.Input(1).ConstantInts();
        var ends = node.GetInts("ends") ?? node.Input(2).ConstantInts();
        if (starts is null || ends is null)
            return null;
        var axes = node.GetInts("axes") ?? node.Input(3).ConstantInts()
            ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        var steps = node.Input(4).ConstantInts() ?? [.. starts.Select(_ => 1L)];
        long[] dims = [.. data.Dims];
        var strides = TensorMovement.Strides(data.Dims);
        var offset = 0L;
        for (var i = 0; i < starts.Count; i++)
        {
            var axis = Constants.FromFront(axes[i], dims.Length);
            var (start, count) = Range(data.Dims[axis], starts[i], ends[i], steps[i]);
            offset += start * strides[axis];
            dims[axis] = count;
            strides[axis] *= steps[i];
        }

        return dims.All(d => d > 0) ? TensorMovement.View(data, dims, offset, strides) : null;
    }

    private static (long Start, long Count) Range(long size, long start, long end, long step)
    {
        var (low, high) = step > 0 ? (0L, size) : (-1L, size - 1);
        start = Math.Clamp(start < 0 ? start + size : start, step > 0 ? 0 : low, high);
        end = Math.Clamp(end < 0 ? end + size : end, low, high);
        // A negative end that lies before the first element means "to the front" for a negative step.
        var count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return (start, Math.Max(0, count));
    }

    private static bool StepsForward(Node slice) =>
        slice.Input(4) is null || slice.Input(4).ConstantInts() is { } steps && steps.All(s => s > 0);

    // Pad, with amounts as an attribute (opset 2) or an input (opset 11), for all axes or some (opset 18).
    private static void InferPad(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape is null ? null : ShapeContext.UnknownOf(shape.Rank));
        if (shape is null || (context.Has(3) && context.Numbers(3) is null))
            return;
        var axes = context.Numbers(3) is { } some ? ShapeContext.Axes(some, shape.Rank) : [.. Enumerable.Range(0, shape.Rank)];
        var pads = context.Ints("pads") is { } written ? [.. written.Select(Dim.Known)] : context.Dims(1);
        if (pads is null)
        {
            context.Set(axes.Aggregate(shape, (s, axis) => s.With(axis, Dim.Unknown)));
            return;
        }

        ShapeContext.Require(pads.Length == 2 * axes.Length, $"it has {pads.Length} pads for {axes.Length} axes");
        for (var i = 0; i < axes.Length; i++)
            shape = shape.With(axes[i], shape[axes[i]] + pads[i] + pads[axes.Length + i]);
        context.Set(shape);
    }

    private static bool PadsNothing(Node pad) =>
        (pad.GetInts("pads") ?? pad.Input(1).ConstantInts()) is { } pads && pads.All(p => p == 0);

    // CenterCropPad: the given sizes along the given axes.
    private static void InferCenterCropPad(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } shape)
            return;
        var axes = context.Ints("axes") is { } some ? ShapeContext.Axes(some, shape.Rank) : [.. Enumerable.Range(0, shape.Rank)];
        var sizes = context.Dims(1);
        ShapeContext.Require(sizes is null || sizes.Length == axes.Length, "its sizes don't fit its axes");
        for (var i = 0; i < axes.Length; i++)
            shape = shape.With(axes[i], sizes?[i] ?? Dim.Unknown);
        context.Set(shape);
    }

    private static void SliceToInputs(RewriteStep step)
    {
        step.MoveToInput("starts", 1);
        step.MoveToInput("ends", 2);
        step.MoveToInput("axes", 3);
    }

    private static void PadsToInputs(RewriteStep step)
    {
        var node = step.Node;
        step.MoveToInput("pads", 1);
        var value = step.Float("value");
        if (value != 0)
            node.SetInput(2, step.Scalar("value", value, node.Input(0)));
        node.Attributes.Remove("value");
    }

    private static void PadAllAxes(RewriteStep step)
    {
        var node = step.Node;
        if (node.Input(3) is null)
        {
            node.TrimInputs();
            return;
        }

        var axes = node.Input(3).ConstantInts() ?? throw step.Decline("its axes aren't constant");
        var pads = node.Input(1).ConstantInts() ?? throw step.Decline("its pads aren't constant");
        var rank = step.ShapeOf(node.Input(0))?.Rank ?? throw step.Decline("it pads some axes of a tensor whose rank is unknown");
        var all = new long[2 * rank];
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Constants.FromFront(axes[i], rank);
            (all[axis], all[axis + rank]) = (pads[i], pads[i + axes.Length]);
        }

        node.SetInput(1, step.Emit.Ints(node, "pads", all));
        node.TruncateInputs(3);
        node.TrimInputs();
    }

    private static void RefuseWrap(RewriteStep step)
    {
        if (step.Text("mode") == "wrap")
            throw step.Decline("the mode 'wrap' came with opset 19");
    }
}
