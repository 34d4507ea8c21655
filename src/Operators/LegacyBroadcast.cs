using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators;

/// <summary>Broadcasting before opset 7, which attributes asked for.</summary>
internal static class LegacyBroadcast
{
    /// <summary>Opset 7, which broadcasts without being asked.</summary>
    public static OperatorVersion Dropped => new(7) { Upgrade = Broadcast };

    /// <summary>Broadcasting is what later opsets do anyway.</summary>
    public static void DropFlag(RewriteStep step) => step.Node.Attributes.Remove("broadcast");

    /// <summary>Gives the second operand axes of length 1 behind its own.</summary>
    /// <param name="step">The node at hand.</param>
    /// <param name="rank">How many axes the operand has.</param>
    /// <param name="count">How many it gets.</param>
    public static void AppendAxes(RewriteStep step, int rank, int count)
    {
        if (count == 0)
            return;
        var (node, operand) = (step.Node, step.Node.Input(1));
        long[] axes = [.. Enumerable.Range(rank, count).Select(a => (long)a)];
        if (operand.Constant() is { } data)
        {
            var spread = TensorNumbers.Reshaped(data, [.. data.Dims, .. axes.Select(_ => 1L)]);
            node.SetInput(1, step.Emit.Initializer(node, "operand", spread));
            return;
        }

        // What a rule emits isn't upgraded again, so it has the form of the target.
        var takesInput = step.To >= OpsetRange.Oldest;
        Value?[] inputs = takesInput ? [operand, step.Emit.Ints(node, "axes", axes)] : [operand];
        var unsqueeze = step.Emit.Before(node, "Unsqueeze", "operand", inputs);
        if (!takesInput)
            unsqueeze.With("axes", axes);
        node.SetInput(1, unsqueeze.Output);
    }

    // The second operand stands at <c>axis</c> of the first: it gets the axes of length 1 behind it that later opsets align by.
    private static void Broadcast(RewriteStep step)
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

        DropFlag(step);
        node.Attributes.Remove("axis");
    }
}
