using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Pad, with amounts as an attribute (opset 2) or an input (opset 11), for all axes or some (opset 18).</summary>
internal sealed class PadShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Pad"];

    public void Infer(ShapeContext context)
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
}

/// <summary>CenterCropPad: the given sizes along the given axes.</summary>
internal sealed class CenterCropPadShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["CenterCropPad"];

    public void Infer(ShapeContext context)
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
}
