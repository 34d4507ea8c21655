using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>Respellings of Upsample and Resize.</summary>
internal static class ResizeRules
{
    private const string Coordinates = "coordinate_transformation_mode";

    /// <summary>Upsample 7 to 9: scales become an input.</summary>
    public static void UpsampleScalesToInput(RespellStep step)
    {
        var node = step.Node;
        if (!node.TryAttribute<FloatsAttribute>("scales", out var scales))
            throw step.Decline("it states no scales");
        var data = TensorData.Of(CollectionsMarshal.AsSpan(scales.Values.ToList()), scales.Values.Count);
        node.SetInput(1, step.Emit.Initializer(node, "scales", data));
        node.Attributes.Remove("scales");
    }

    /// <summary>Upsample 9 to Resize 10.</summary>
    public static void FromUpsample(RespellStep step)
    {
        if (step.Node.Input(1) is null)
            throw step.Decline("its second input, the scales, is missing; as an attribute they ended with opset 9");
        step.Node.OpType = "Resize";
        if (step.Node.GetString("mode", "nearest") == "bilinear")
            step.Node.With("mode", "linear");
    }

    /// <summary>
    /// Resize 10 to 11: source coordinates are output coordinates divided by the scale; nearest takes the element at or before
    /// that place when it enlarges and at or behind it when it shrinks.
    /// </summary>
    public static void FromOpset10(RespellStep step)
    {
        var node = step.Node;
        var scales = node.Input(1);
        node.SetInput(1, null);
        node.SetInput(2, scales);
        node.With(Coordinates, "asymmetric");
        if (node.GetString("mode", "nearest") != "nearest")
            return;
        var factors = scales.ConstantDoubles();
        if (factors is null)
        {
            step.Report(new Diagnostic(
                "MSSR2109", Severity.Warning, "The scales aren't constant; the node is taken to enlarge, not to shrink.", node.ToString(),
                "If it shrinks, export the model again with opset 11 or newer."));
        }

        var shrinks = factors is not null && factors.Any(f => f < 1);
        if (shrinks && factors!.Any(f => f > 1))
            throw step.Decline("it enlarges one axis and shrinks another with 'nearest', which rounded differently per axis");
        node.With("nearest_mode", shrinks ? "ceil" : "floor");
    }

    /// <summary>Resize 11 to 13.</summary>
    public static void FromOpset11(RespellStep step)
    {
        if (step.Node.GetString(Coordinates, "half_pixel") == "tf_half_pixel_for_nn")
            throw step.Decline("the coordinate mode 'tf_half_pixel_for_nn' ended with opset 13");
    }

    /// <summary>Resize 18 to 13: a subset of axes becomes all axes.</summary>
    public static void ToOpset13(RespellStep step)
    {
        if (WhyNotAllAxes(step.Node, step.ShapeOf(step.Node.Input(0)), step.Emit) is { } reason)
            throw step.Decline(reason);
    }

    /// <summary>Makes a Resize of some axes one of all axes, the others by the factor 1; gives the reason where that can't be.</summary>
    public static string? WhyNotAllAxes(Node node, Shape? shape, Emitter emit)
    {
        if (node.GetInts("axes") is not { } axes)
            return null;
        if (shape is not { Rank: var all })
            return "it resizes some axes of a tensor whose rank is unknown";
        if (node.Input(1) is not null && node.GetString(Coordinates, "half_pixel") == "tf_crop_and_resize")
            return "it crops some axes";
        if (node.GetString("keep_aspect_ratio_policy", "stretch") != "stretch")
            return "it keeps the ratio of some axes";
        var fronts = axes.Select(a => Constants.FromFront(a, all)).ToArray();
        var sources = Enumerable.Range(0, all).Select(i => Array.IndexOf(fronts, i)).ToArray();
        if (node.Input(2).ConstantDoubles() is { Length: > 0 } scales)
        {
            node.SetInput(2, emit.Initializer(node, "scales", TensorData.Of([.. sources.Select(i => i < 0 ? 1f : (float)scales[i])], all)));
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
            node.SetInput(3, emit.Before(node, "Gather", "sizes", both.Output, emit.Ints(node, "picks", [.. sources.Select((i, axis) => (long)(i < 0 ? axis : all + i))])).Output);
        }
        else
        {
            return "its scales aren't constant";
        }

        node.Attributes.Remove("axes");
        node.Attributes.Remove("keep_aspect_ratio_policy");
        return null;
    }

    /// <summary>Resize 19 to 18.</summary>
    public static void ToOpset18(RespellStep step)
    {
        if (step.Node.GetString(Coordinates, "half_pixel") == "half_pixel_symmetric")
            throw step.Decline("the coordinate mode 'half_pixel_symmetric' came with opset 19");
    }
}
