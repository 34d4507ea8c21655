using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Slice, with bounds as attributes (opset 1) or inputs (opset 10).</summary>
internal sealed class SliceShape : IShapeRule
{
    // Exporters spell "to the end" as INT32_MAX, INT64_MAX or a number near them.
    private const long Far = int.MaxValue / 2;

    public IReadOnlyList<string> Operators { get; } = ["Slice"];

    public void Infer(ShapeContext context)
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
        if (context.Content(0) is { } content && shape.IsKnown && dims.All(d => d.IsKnown) && starts?.All(d => d.IsKnown) == true && steps?.All(d => d.IsKnown) == true)
            context.SetContent(0, Content.Pick(content, shape, [.. dims.Select((length, axis) => (axis, Places(shape, length, axis, axes, starts, steps)))]));
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
        var (start, step, size) = sliced < 0 ? (0, 1, shape[axis].Offset) : (starts[sliced].Offset, steps[sliced].Offset, shape[axis].Offset);
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
}
