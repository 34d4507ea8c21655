using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>Respellings of opset 6, where broadcasting was asked for by attributes.</summary>
internal static class Opset6Rules
{
    /// <summary>The second operand stands at <c>axis</c> of the first: it gets the axes of length 1 behind it that later opsets align by.</summary>
    public static void Broadcast(RespellStep step)
    {
        var node = step.Node;
        if (node.GetInt("broadcast", 0) != 0 && node.TryAttribute<IntAttribute>("axis", out var axis))
        {
            if (step.ShapeOf(node.Input(0)) is not { } whole || step.ShapeOf(node.Input(1)) is not { } part)
                throw step.Decline("it broadcasts along an axis of a tensor whose rank is unknown");
            var behind = whole.Rank - Constants.FromFront(axis.Value, whole.Rank) - part.Rank;
            if (behind < 0)
                throw step.Decline($"its second input of {part.Rank} dimensions doesn't fit behind axis {axis.Value}");
            AppendAxes(step, part.Rank, behind);
        }

        DropBroadcastFlag(step);
        node.Attributes.Remove("axis");
    }

    /// <summary>Broadcasting is what later opsets do anyway.</summary>
    public static void DropBroadcastFlag(RespellStep step) => step.Node.Attributes.Remove("broadcast");

    /// <summary>Later opsets take the form from the number of outputs.</summary>
    public static void DropTestFlag(RespellStep step) => step.Node.Attributes.Remove("is_test");

    /// <summary>A list of slopes runs over the channels, axis 1.</summary>
    public static void SlopePerChannel(RespellStep step)
    {
        if (step.ShapeOf(step.Node.Input(1)) is not { Rank: 1 } slope || slope[0] == Dim.Known(1))
            return;
        if (step.ShapeOf(step.Node.Input(0)) is not { Rank: >= 2 } shape)
            throw step.Decline("its slopes run over the channels of a tensor whose rank is unknown");
        AppendAxes(step, 1, shape.Rank - 2);
    }

    /// <summary>Factors of height and width become scales of all axes.</summary>
    public static void UpsampleScales(RespellStep step)
    {
        var node = step.Node;
        if (!node.Attributes.ContainsKey("height_scale"))
            return;
        node.With("scales", new FloatsAttribute([1, 1, node.GetFloat("height_scale", 1), node.GetFloat("width_scale", 1)]));
        node.Attributes.Remove("height_scale");
        node.Attributes.Remove("width_scale");
    }

    private static void AppendAxes(RespellStep step, int rank, int count)
    {
        if (count == 0)
            return;
        var (node, operand) = (step.Node, step.Node.Input(1));
        long[] axes = [.. Enumerable.Range(rank, count).Select(a => (long)a)];
        if (operand.Constant() is { } data)
        {
            node.SetInput(1, step.Emit.Initializer(node, "operand", TensorNumbers.Reshaped(data, [.. data.Dims, .. axes.Select(_ => 1L)])));
            return;
        }

        // What a rule emits isn't respelled again, so it has the form of the target.
        var takesInput = step.To >= OpsetRange.Oldest;
        var spread = step.Emit.Before(node, "Unsqueeze", "operand", takesInput ? [operand, step.Emit.Ints(node, "axes", axes)] : [operand]);
        if (!takesInput)
            spread.With("axes", axes);
        node.SetInput(1, spread.Output);
    }
}
