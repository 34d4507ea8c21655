using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Normalize.Opsets;

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
            step.Context.Report(new Diagnostic(
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
        var node = step.Node;
        if (node.GetInts("axes") is not { } axes)
            return;
        if (step.ShapeOf(node.Input(0)) is not { } shape)
            throw step.Decline("it resizes some axes of a tensor whose rank is unknown");
        node.Attributes.Remove("axes");
        var fronts = axes.Select(a => Constants.FromFront(a, shape.Rank)).ToArray();
        if (node.Input(1) is not null && node.GetString(Coordinates, "half_pixel") == "tf_crop_and_resize")
            throw step.Decline("it crops some axes");
        if (node.Input(2).ConstantDoubles() is { Length: > 0 } scales)
        {
            var all = Enumerable.Repeat(1f, shape.Rank).ToArray();
            for (var i = 0; i < fronts.Length; i++)
                all[fronts[i]] = (float)scales[i];
            node.SetInput(2, step.Emit.Initializer(node, "scales", TensorData.Of(all, shape.Rank)));
        }
        else if (node.Input(3).ConstantInts() is { } sizes && shape.Where((d, i) => !fronts.Contains(i)).All(d => d.IsKnown))
        {
            var all = shape.Select((d, i) => fronts.Contains(i) ? 0 : d.Value).ToArray();
            for (var i = 0; i < fronts.Length; i++)
                all[fronts[i]] = sizes[i];
            node.SetInput(3, step.Emit.Ints(node, "sizes", all));
        }
        else
        {
            throw step.Decline("it resizes some axes to sizes that aren't constant");
        }
    }

    /// <summary>Resize 19 to 18.</summary>
    public static void ToOpset18(RespellStep step)
    {
        if (step.Node.GetString(Coordinates, "half_pixel") == "half_pixel_symmetric")
            throw step.Decline("the coordinate mode 'half_pixel_symmetric' came with opset 19");
    }
}
