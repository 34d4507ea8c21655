using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Resize by scales or to sizes (opset 10 by scales only), for all axes or some (opset 18).</summary>
internal sealed class ResizeShape : IShapeRule
{
    private const long RoiSince = 11;

    public IReadOnlyList<string> Operators { get; } = ["Resize"];

    public void Infer(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape is null ? null : ShapeContext.UnknownOf(shape.Rank));
        if (shape is null)
            return;
        var axes = context.Ints("axes") is { } some ? ShapeContext.Axes(some, shape.Rank) : [.. Enumerable.Range(0, shape.Rank)];
        var scalesAt = context.Opset is > 0 and < RoiSince ? 1 : 2;
        Dim[]? result = null;
        // Both may be there with one of them empty.
        if (context.Has(3) && (context.Content(3) ?? new Scalar[axes.Length]) is { Length: > 0 } sizes)
            result = ToSizes(context, shape, axes, Array.ConvertAll(sizes, s => s.Dim));
        else if (context.Content(scalesAt) is { Length: > 0 } scales && !UsesRegion(context))
            result = ByScales(shape, axes, scales);
        for (var i = 0; i < axes.Length; i++)
            shape = shape.With(axes[i], result?[i] ?? Dim.Unknown);
        context.Set(shape);
    }

    /// <summary>A size times a scale, rounded down; known sizes in 32-bit floats as run times do it.</summary>
    public static Dim Scale(Dim size, Scalar scale) =>
        size.IsKnown && scale.Number is { } number
            ? (long)MathF.Floor((float)number * size.Offset)
            : (Scalar.Of(size) * scale).Floor().Dim;

    private static bool UsesRegion(ShapeContext context) =>
        context.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize";

    private static Dim[] ByScales(Shape shape, int[] axes, Scalar[] scales)
    {
        ShapeContext.Require(scales.Length == axes.Length, $"it has {scales.Length} scales for {axes.Length} axes");
        return [.. axes.Zip(scales, (axis, scale) => Scale(shape[axis], scale))];
    }

    private static Dim[] ToSizes(ShapeContext context, Shape shape, int[] axes, Dim[] sizes)
    {
        ShapeContext.Require(sizes.Length == axes.Length, $"it has {sizes.Length} sizes for {axes.Length} axes");
        var policy = context.Text("keep_aspect_ratio_policy", "stretch");
        ShapeContext.Require(
            policy is "stretch" or "not_larger" or "not_smaller", $"keep_aspect_ratio_policy '{policy}' doesn't exist");
        if (policy == "stretch")
            return sizes;
        var scales = axes.Zip(sizes, (axis, size) => Scalar.Ratio(size, shape[axis])).ToArray();
        if (Array.TrueForAll(scales, s => !s.IsUnknown && s.Equals(scales[0])))
            return sizes;
        var common = scales.Aggregate(policy == "not_larger" ? Scalar.Min : Scalar.Max);
        return [.. axes.Select(axis => (Scalar.Of(shape[axis]) * common + Scalar.OfReal(0.5)).Floor().Dim)];
    }
}

/// <summary>Upsample, with scales as an attribute (opset 7) or an input (opset 9).</summary>
internal sealed class UpsampleShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Upsample"];

    public void Infer(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape is null ? null : ShapeContext.UnknownOf(shape.Rank));
        var scales = context.Floats("scales")?.Select(s => Scalar.OfReal(s)).ToArray() ?? context.Content(1);
        if (shape is null || scales is null)
            return;
        ShapeContext.Require(scales.Length == shape.Rank, $"its scales don't fit {shape}");
        context.Set(new Shape(shape.Zip(scales, ResizeShape.Scale)));
    }
}
