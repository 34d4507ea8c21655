using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Resize and its predecessor Upsample.</summary>
internal static class ResizeOperators
{
    private const string Coordinates = "coordinate_transformation_mode";
    private const string Policy = "keep_aspect_ratio_policy";
    private const long RoiSince = 11;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Resize",
            new([Data, Scales.Rank(1, 1)], Attr.Text("mode", "nearest", "nearest", "linear", "bilinear"))
            {
                Since = 10,
                Relations = node => ScalesArePositive(node, 1),
            },
            new(
                [Data, In.Of("roi", TypeSet.Floats).Optional(), Scales.Optional(), In.List("sizes").Optional()],
                Attr.Text("mode", "nearest", "nearest", "linear", "cubic"),
                Attr.Text(Coordinates, "half_pixel"),
                Attr.Text("nearest_mode", "round_prefer_floor", "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"),
                Attr.Float("cubic_coeff_a", -0.75f), Attr.Flag("exclude_outside"), Attr.Float("extrapolation_value", 0),
                Attr.Flag("antialias").Added(18), Attr.Ints("axes"),
                Attr.Text(Policy, "stretch", "stretch", "not_larger", "not_smaller").Added(18))
            {
                Since = RoiSince,
                Relations = CheckTarget,
            })
        {
            Shape = InferResize,
            Versions =
            [
                10, Breaking(11, FromOpset10), Breaking(13, FromOpset11), new(18) { Downgrade = ToOpset13 },
                new(19) { Downgrade = ToOpset18 },
            ],
        },
        new("Upsample",
            new([Data], UpsampleMode),
            new([Data, Scales.Rank(1, 1)], UpsampleMode)
            {
                Since = 9,
                Relations = node => ScalesArePositive(node, 1),
            })
        {
            Shape = InferUpsample,
            Versions = [new(7) { Upgrade = UpsampleScales }, Breaking(9, UpsampleScalesToInput), Breaking(10, FromUpsample)],
        },
    ];

    private static In Data => In.Of("X", TypeSet.Any);

    private static In Scales => In.Of("scales", TypeSet.Float);

    private static Attr UpsampleMode => Attr.Text("mode", "nearest", "nearest", "linear", "bilinear");

    /// <summary>Makes a Resize of some axes one of all, the others by the factor 1; gives the reason where it can't be.</summary>
    public static string? WhyNotAllAxes(Node node, Shape? shape, Emitter emit)
    {
        if (node.GetInts("axes") is not { } axes)
            return null;
        if (shape is not { Rank: var all })
            return "it resizes some axes of a tensor whose rank is unknown";
        if (node.Input(1) is not null && node.TextOf(Coordinates) == "tf_crop_and_resize")
            return "it crops some axes";
        if (node.TextOf(Policy) != "stretch")
            return "it keeps the ratio of some axes";
        var fronts = axes.Select(a => Constants.FromFront(a, all)).ToArray();
        var sources = Enumerable.Range(0, all).Select(i => Array.IndexOf(fronts, i)).ToArray();
        if (node.Input(2).ConstantDoubles() is { Length: > 0 } scales)
        {
            var whole = TensorData.Of([.. sources.Select(i => i < 0 ? 1f : (float)scales[i])], all);
            node.SetInput(2, emit.Initializer(node, "scales", whole));
        }
        else if (node.Input(3).ConstantInts() is { } known && shape.Where((_, axis) => sources[axis] < 0).All(d => d.IsKnown))
        {
            node.SetInput(3, emit.Ints(node, "sizes", [.. sources.Select((i, axis) => i < 0 ? shape[axis].Value : known[i])]));
        }
        else if (node.Input(3) is { } sizes)
        {
            // The sizes stand behind the tensor's own: an axis takes its own or the one that is asked for.
            var own = emit.Before(node, "Shape", "shape", node.Input(0));
            var both = emit.Before(node, "Concat", "all_sizes", own.Output, sizes).With("axis", 0);
            var picks = emit.Ints(node, "picks", [.. sources.Select((i, axis) => (long)(i < 0 ? axis : all + i))]);
            node.SetInput(3, emit.Before(node, "Gather", "sizes", both.Output, picks).Output);
        }
        else
        {
            return "its scales aren't constant";
        }

        node.Attributes.Remove("axes");
        node.Attributes.Remove(Policy);
        return null;
    }

    // An absent target is written as an absent input or as an empty one.
    private static void CheckTarget(NodeOperands node)
    {
        ScalesArePositive(node, 2);
        if (node.Input(2) is null && node.Input(3) is null)
            node.RejectCount("it has neither 'scales' nor 'sizes'; Resize needs one of them");
    }

    private static void ScalesArePositive(NodeOperands node, int input)
    {
        foreach (var scale in node.Numbers(input)?.Where(s => !(s > 0)).Take(1) ?? [])
            node.RejectOperand($"{node.Name(input)} holds {scale}; a scale must be above 0");
    }

    // Resize by scales or to sizes (opset 10 by scales only), for all axes or some (opset 18).
    private static void InferResize(ShapeContext context)
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

    // A size times a scale, rounded down; known sizes in 32-bit floats as run times do it.
    private static Dim Scale(Dim size, Scalar scale) =>
        size.IsKnown && scale.Number is { } number
            ? (long)MathF.Floor((float)number * size.Offset)
            : (Scalar.Of(size) * scale).Floor().Dim;

    private static bool UsesRegion(ShapeContext context) =>
        context.TextOf(Coordinates) == "tf_crop_and_resize";

    private static Dim[] ByScales(Shape shape, int[] axes, Scalar[] scales)
    {
        ShapeContext.Require(scales.Length == axes.Length, $"it has {scales.Length} scales for {axes.Length} axes");
        return [.. axes.Zip(scales, (axis, scale) => Scale(shape[axis], scale))];
    }

    private static Dim[] ToSizes(ShapeContext context, Shape shape, int[] axes, Dim[] sizes)
    {
        ShapeContext.Require(sizes.Length == axes.Length, $"it has {sizes.Length} sizes for {axes.Length} axes");
        var policy = context.TextOf(Policy);
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

    // Upsample, with scales as an attribute (opset 7) or an input (opset 9).
    private static void InferUpsample(ShapeContext context)
    {
        var shape = context.Shape(0);
        context.Set(shape is null ? null : ShapeContext.UnknownOf(shape.Rank));
        var scales = context.Floats("scales")?.Select(s => Scalar.OfReal(s)).ToArray() ?? context.Content(1);
        if (shape is null || scales is null)
            return;
        ShapeContext.Require(scales.Length == shape.Rank, $"its scales don't fit {shape}");
        context.Set(new Shape(shape.Zip(scales, Scale)));
    }

    // Factors of height and width become scales of all axes.
    private static void UpsampleScales(RewriteStep step)
    {
        var node = step.Node;
        if (!node.Attributes.ContainsKey("height_scale"))
            return;
        node.With("scales", new FloatsAttribute([1, 1, step.Float("height_scale"), step.Float("width_scale")]));
        node.Attributes.Remove("height_scale");
        node.Attributes.Remove("width_scale");
    }

    // Upsample 7 to 9: scales become an input.
    private static void UpsampleScalesToInput(RewriteStep step)
    {
        var node = step.Node;
        if (!node.TryAttribute<FloatsAttribute>("scales", out var scales))
            throw step.Decline("it states no scales");
        var data = TensorData.Of(CollectionsMarshal.AsSpan(scales.Values.ToList()), scales.Values.Count);
        node.SetInput(1, step.Emit.Initializer(node, "scales", data));
        node.Attributes.Remove("scales");
    }

    // Upsample 9 to Resize 10.
    private static void FromUpsample(RewriteStep step)
    {
        if (step.Node.Input(1) is null)
            throw step.Decline("its second input, the scales, is missing; as an attribute they ended with opset 9");
        step.Node.OpType = "Resize";
        if (step.Text("mode") == "bilinear")
            step.Node.With("mode", "linear");
    }

    /// <summary>
    /// Resize 10 to 11: source coordinates are output coordinates divided by the scale; nearest takes the element at or before
    /// that place when it enlarges and at or behind it when it shrinks.
    /// </summary>
    private static void FromOpset10(RewriteStep step)
    {
        var node = step.Node;
        var scales = node.Input(1);
        node.SetInput(1, null);
        node.SetInput(2, scales);
        node.With(Coordinates, "asymmetric");
        if (step.Text("mode") != "nearest")
            return;
        var factors = scales.ConstantDoubles();
        if (factors is null)
        {
            step.Report(new Diagnostic(
                "MSSR2109", Severity.Warning, "The scales aren't constant; the node is taken to enlarge, not to shrink.",
                node.ToString(), "If it shrinks, export the model again with opset 11 or newer."));
        }

        var shrinks = factors is not null && factors.Any(f => f < 1);
        if (shrinks && factors!.Any(f => f > 1))
            throw step.Decline("it enlarges one axis and shrinks another with 'nearest', which rounded differently per axis");
        node.With("nearest_mode", shrinks ? "ceil" : "floor");
    }

    // Resize 11 to 13.
    private static void FromOpset11(RewriteStep step)
    {
        if (step.Text(Coordinates) == "tf_half_pixel_for_nn")
            throw step.Decline("the coordinate mode 'tf_half_pixel_for_nn' ended with opset 13");
    }

    // Resize 18 to 13: a subset of axes becomes all axes.
    private static void ToOpset13(RewriteStep step)
    {
        if (WhyNotAllAxes(step.Node, step.ShapeOf(step.Node.Input(0)), step.Emit) is { } reason)
            throw step.Decline(reason);
    }

    // Resize 19 to 18.
    private static void ToOpset18(RewriteStep step)
    {
        if (step.Text(Coordinates) == "half_pixel_symmetric")
            throw step.Decline("the coordinate mode 'half_pixel_symmetric' came with opset 19");
    }
}
