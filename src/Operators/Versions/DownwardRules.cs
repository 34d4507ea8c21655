using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>How operators are spelled before the opset that changed them; opsets 14 to 24.</summary>
internal static class DownwardRules
{
    private static readonly Dictionary<(string OpType, int Opset), Respelling> Rules = new()
    {
        [("BatchNormalization", 14)] = _ => { },
        [("GridSample", 20)] = RenameGridModes,
        [("GroupNormalization", 21)] = NormalizationRules.SpellOutGroupNormalization,
        [("Pad", 18)] = PadAllAxes,
        [("Pad", 19)] = RefuseWrap,
        [("Resize", 18)] = ResizeRules.ToOpset13,
        [("Resize", 19)] = ResizeRules.ToOpset18,
        [("RoiAlign", 16)] = RoiCoordinates,
        [("ScatterElements", 18)] = RefuseMinAndMax,
        [("ScatterND", 18)] = RefuseMinAndMax,
        [("Split", 18)] = SplitEvenly,
    };

    private static readonly Dictionary<(string OpType, int Opset), (string Name, Func<AttributeValue, bool> IsDefault)[]> Added = new()
    {
        [("AveragePool", 19)] = [("dilations", Ones)],
        [("BatchNormalization", 14)] = [("training_mode", Zero)],
        [("Cast", 19)] = [("saturate", One)],
        [("Cast", 24)] = [("round_mode", Anything)],
        [("CastLike", 19)] = [("saturate", One)],
        [("CastLike", 24)] = [("round_mode", Anything)],
        [("DequantizeLinear", 21)] = [("block_size", Zero)],
        [("DequantizeLinear", 23)] = [("output_dtype", Zero)],
        [("GRU", 14)] = [("layout", Zero)],
        [("LSTM", 14)] = [("layout", Zero)],
        [("LpPool", 18)] = [("dilations", Ones), ("ceil_mode", Zero)],
        [("QuantizeLinear", 19)] = [("saturate", One)],
        [("QuantizeLinear", 21)] = [("block_size", Zero), ("output_dtype", Zero)],
        [("QuantizeLinear", 23)] = [("precision", Zero)],
        [("RNN", 14)] = [("layout", Zero)],
        [("Reshape", 14)] = [("allowzero", Zero)],
        [("Resize", 18)] = [("antialias", Zero), ("keep_aspect_ratio_policy", v => Is(v, "stretch"))],
        [("ScatterElements", 16)] = [("reduction", v => Is(v, "none"))],
        [("ScatterND", 16)] = [("reduction", v => Is(v, "none"))],
        [("Shape", 15)] = [("start", Zero), ("end", Never)],
    };

    /// <summary>The rule for an operator on its way out of <paramref name="opset"/>, or null.</summary>
    public static Respelling? Find(string opType, int opset) =>
        opset == 18 && UpwardRules.IsReduction(opType) ? AxesToAttribute : Rules.GetValueOrDefault((opType, opset));

    /// <summary>Attributes the operator got in <paramref name="opset"/>, each with a test for the value that changes nothing.</summary>
    public static IEnumerable<(string Name, Func<AttributeValue, bool> IsDefault)> AttributesAddedBy(string opType, int opset)
    {
        if (opset == 18 && UpwardRules.IsReduction(opType))
            return [("noop_with_empty_axes", Zero)];
        return Added.GetValueOrDefault((opType, opset)) ?? [];
    }

    private static bool Zero(AttributeValue value) => value is IntAttribute { Value: 0 };

    private static bool One(AttributeValue value) => value is IntAttribute { Value: 1 };

    private static bool Ones(AttributeValue value) => value is IntsAttribute list && list.Values.All(v => v == 1);

    private static bool Is(AttributeValue value, string text) => value is StringAttribute s && s.Text == text;

    private static bool Never(AttributeValue value) => false;

    // Concerns element types only that are refused by themselves.
    private static bool Anything(AttributeValue value) => true;

    private static void AxesToAttribute(RespellStep step)
    {
        var node = step.Node;
        if (node.Input(1) is not null)
        {
            var axes = node.Input(1).ConstantInts() ?? throw step.Decline("its axes aren't constant");
            if (axes.Length > 0)
                node.With("axes", axes);
        }

        node.TruncateInputs(1);
    }

    private static void RenameGridModes(RespellStep step)
    {
        if (step.ShapeOf(step.Node.Input(0)) is { Rank: not 4 })
            throw step.Decline("it samples tensors of other than two spatial axes");
        step.Node.With("mode", step.Node.GetString("mode", "linear") switch
        {
            "linear" => "bilinear",
            "cubic" => "bicubic",
            var other => other,
        });
    }

    private static void PadAllAxes(RespellStep step)
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

    private static void RefuseWrap(RespellStep step)
    {
        if (step.Node.GetString("mode", "constant") == "wrap")
            throw step.Decline("the mode 'wrap' came with opset 19");
    }

    private static void RefuseMinAndMax(RespellStep step)
    {
        if (step.Node.GetString("reduction", "none") is "min" or "max")
            throw step.Decline("the reductions 'min' and 'max' came with opset 18");
    }

    private static void RoiCoordinates(RespellStep step)
    {
        if (step.Node.GetString("coordinate_transformation_mode", "half_pixel") != "output_half_pixel")
            throw step.Decline("before opset 16 the only coordinate mode was 'output_half_pixel'");
        step.Node.Attributes.Remove("coordinate_transformation_mode");
    }

    // Before opset 18 an even split had to come out even.
    private static void SplitEvenly(RespellStep step)
    {
        var node = step.Node;
        var parts = node.GetInt("num_outputs", node.Outputs.Count);
        node.Attributes.Remove("num_outputs");
        if (node.Input(1) is not null)
            return;
        var axis = node.GetInt("axis", 0);
        var size = step.ShapeOf(node.Input(0)) is { } shape ? shape[Constants.FromFront(axis, shape.Rank)] : Dim.Unknown;
        if (!size.IsKnown)
            throw step.Decline("the size of the axis it splits is unknown");
        var part = (size.Value + parts - 1) / parts;
        var sizes = Enumerable.Range(0, (int)parts).Select(i => Math.Clamp(size.Value - (i * part), 0, part)).ToArray();
        if (size.Value % parts != 0)
            node.SetInput(1, step.Emit.Ints(node, "split", sizes));
    }
}
