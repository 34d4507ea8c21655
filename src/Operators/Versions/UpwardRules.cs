using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>How operators are spelled in the opset that changed them, from the form before.</summary>
internal static class UpwardRules
{
    private static readonly Dictionary<(string OpType, int Opset), Respelling> Rules = new()
    {
        [("Add", 7)] = Opset6Rules.Broadcast,
        [("And", 7)] = Opset6Rules.Broadcast,
        [("BatchNormalization", 7)] = Opset6Rules.DropTestFlag,
        [("Div", 7)] = Opset6Rules.Broadcast,
        [("Dropout", 7)] = Opset6Rules.DropTestFlag,
        [("Equal", 7)] = Opset6Rules.Broadcast,
        [("Gemm", 7)] = Opset6Rules.DropBroadcastFlag,
        [("Greater", 7)] = Opset6Rules.Broadcast,
        [("Less", 7)] = Opset6Rules.Broadcast,
        [("Mul", 7)] = Opset6Rules.Broadcast,
        [("Or", 7)] = Opset6Rules.Broadcast,
        [("PRelu", 7)] = Opset6Rules.SlopePerChannel,
        [("Pow", 7)] = Opset6Rules.Broadcast,
        [("Sub", 7)] = Opset6Rules.Broadcast,
        [("Upsample", 7)] = Opset6Rules.UpsampleScales,
        [("Xor", 7)] = Opset6Rules.Broadcast,
        [("BatchNormalization", 9)] = DropSpatial,
        [("BatchNormalization", 14)] = DropTrainingOutputs,
        [("Clip", 11)] = ClipBoundsToInputs,
        [("Dropout", 10)] = KeepDropoutMask,
        [("Dropout", 12)] = DropDropoutRatio,
        [("GridSample", 20)] = RenameGridModes,
        [("GroupNormalization", 21)] = NormalizationRules.GroupNormalizationPerChannel,
        [("Hardmax", 13)] = FlattenSoftmax,
        [("LogSoftmax", 13)] = FlattenSoftmax,
        [("Pad", 11)] = PadsToInputs,
        [("ReduceSum", 13)] = AxesToInput,
        [("Resize", 11)] = ResizeRules.FromOpset10,
        [("Resize", 13)] = ResizeRules.FromOpset11,
        [("RoiAlign", 16)] = KeepRoiCoordinates,
        [("Scatter", 11)] = RenameScatter,
        [("Slice", 10)] = SliceToInputs,
        [("Softmax", 13)] = FlattenSoftmax,
        [("Split", 13)] = step => step.MoveToInput("split", 1),
        [("Split", 18)] = CountSplitOutputs,
        [("Squeeze", 13)] = AxesToInput,
        [("TopK", 10)] = CountToInput,
        [("Unsqueeze", 13)] = AxesToInput,
        [("Upsample", 9)] = ResizeRules.UpsampleScalesToInput,
        [("Upsample", 10)] = ResizeRules.FromUpsample,
    };

    private static readonly HashSet<string> Reductions =
    [
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
        "ReduceSumSquare",
    ];

    /// <summary>The rule for an operator on its way into <paramref name="opset"/>, or null.</summary>
    public static Respelling? Find(string opType, int opset) =>
        opset == 18 && Reductions.Contains(opType) ? AxesToInput : Rules.GetValueOrDefault((opType, opset));

    /// <summary>True for the reductions whose axes became an input in opset 18.</summary>
    public static bool IsReduction(string opType) => Reductions.Contains(opType);

    private static void AxesToInput(RespellStep step)
    {
        // An empty list says "all axes" as an attribute, and so does leaving the input out.
        if (step.Node.GetInts("axes") is { Count: 0 })
            step.Node.Attributes.Remove("axes");
        step.MoveToInput("axes", 1);
    }

    private static void DropSpatial(RespellStep step)
    {
        if (step.Node.GetInt("spatial", 1) == 0)
            throw step.Decline("its statistics are per element (spatial = 0), which later opsets don't have");
        step.Node.Attributes.Remove("spatial");
    }

    private static void DropTrainingOutputs(RespellStep step)
    {
        if (step.Node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("it is a training-mode BatchNormalization, its statistics outputs are read");
        step.Node.TruncateOutputs(1);
    }

    private static void ClipBoundsToInputs(RespellStep step)
    {
        var node = step.Node;
        foreach (var (name, index) in new[] { ("min", 1), ("max", 2) })
        {
            if (node.TryAttribute<FloatAttribute>(name, out var bound))
                node.SetInput(index, step.Scalar(name, bound.Value, node.Input(0)));
            node.Attributes.Remove(name);
        }
    }

    private static void KeepDropoutMask(RespellStep step)
    {
        if (step.Node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("its mask is read, whose type changed in opset 10");
    }

    private static void DropDropoutRatio(RespellStep step) => step.Node.Attributes.Remove("ratio");

    private static void RenameGridModes(RespellStep step) => step.Node.With("mode", step.Node.GetString("mode", "bilinear") switch
    {
        "bilinear" => "linear",
        "bicubic" => "cubic",
        var other => other,
    });

    private static void PadsToInputs(RespellStep step)
    {
        var node = step.Node;
        step.MoveToInput("pads", 1);
        var value = node.GetFloat("value", 0);
        if (value != 0)
            node.SetInput(2, step.Scalar("value", value, node.Input(0)));
        node.Attributes.Remove("value");
    }

    private static void KeepRoiCoordinates(RespellStep step)
    {
        if (!step.Node.Attributes.ContainsKey("coordinate_transformation_mode"))
            step.Node.With("coordinate_transformation_mode", "output_half_pixel");
    }

    private static void RenameScatter(RespellStep step) => step.Node.OpType = "ScatterElements";

    private static void SliceToInputs(RespellStep step)
    {
        step.MoveToInput("starts", 1);
        step.MoveToInput("ends", 2);
        step.MoveToInput("axes", 3);
    }

    private static void CountSplitOutputs(RespellStep step)
    {
        if (step.Node.Input(1) is null)
            step.Node.With("num_outputs", step.Node.Outputs.Count);
    }

    private static void CountToInput(RespellStep step)
    {
        step.Node.SetInput(1, step.Emit.Ints(step.Node, "k", step.Node.GetInt("k", 1)));
        step.Node.Attributes.Remove("k");
    }

    // Before opset 13 the axes from `axis` on were taken as one; from 13 on it is a single axis.
    private static void FlattenSoftmax(RespellStep step)
    {
        var node = step.Node;
        var axis = node.GetInt("axis", 1);
        var input = node.Input(0);
        if (step.ShapeOf(input) is { } shape)
        {
            var front = Constants.FromFront(axis, shape.Rank);
            if (shape.Skip(front + 1).All(d => d == Dim.Known(1)))
            {
                node.With("axis", front == shape.Rank - 1 ? -1 : front);
                return;
            }
        }

        var size = step.Emit.Before(node, "Shape", "shape", input);
        var flat = step.Emit.Before(node, "Flatten", "flat", input).With("axis", axis);
        node.SetInput(0, flat.Output);
        node.With("axis", -1);
        var restore = step.Emit.Make(node, "Reshape", "restore", node.Output, size.Output);
        GraphEdits.InsertBehind(node, node.Output, restore);
    }
}
