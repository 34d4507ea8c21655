using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Operators.Versions;

/// <summary>Respellings of GroupNormalization and LayerNormalization.</summary>
internal static class NormalizationRules
{
    private const float DefaultEpsilon = 1e-5f;
    private const int ScalePerChannel = 21;

    /// <summary>GroupNormalization 18 to 21: scale and bias per group become scale and bias per channel.</summary>
    public static void GroupNormalizationPerChannel(RespellStep step)
    {
        var node = step.Node;
        var groups = node.GetInt("num_groups", 1);
        if (step.ShapeOf(node.Input(0)) is not { Rank: > 1 } shape || !shape[1].IsKnown)
            throw step.Decline("the number of channels is unknown");
        var repeat = shape[1].Value / groups;
        foreach (var (index, suffix) in new[] { (1, "scale"), (2, "bias") })
        {
            var data = node.Input(index).Constant() ?? throw step.Decline("its scale or bias isn't constant");
            var wide = TensorMovement.View(data, [groups, repeat], 0, [1, 0]);
            node.SetInput(index, step.Emit.Initializer(node, suffix, TensorNumbers.Reshaped(wide, shape[1].Value)));
        }
    }

    /// <summary>GroupNormalization before it existed, or before opset 21: instance normalization of reshaped groups.</summary>
    public static void SpellOutGroupNormalization(RespellStep step)
    {
        var node = step.Node;
        var (x, scale, bias) = (node.Input(0), node.Input(1), node.Input(2));
        var groups = node.GetInt("num_groups", 1);
        if (step.ShapeOf(x)?.Rank is not { } rank)
            throw step.Decline("the rank of its input is unknown");
        if (step.KeepsWeights)
        {
            NormalizeGroups(step, groups);
            return;
        }

        if (step.From < ScalePerChannel && scale.Constant()?.Count != 1 && !HasOneGroupPerChannel(step, groups))
        {
            GroupNormalizationPerChannel(step);
            (scale, bias) = (node.Input(1), node.Input(2));
        }

        var emit = step.Emit;
        var element = step.ElementOf(x);
        var ones = emit.Initializer(node, "ones", TensorNumbers.OfDoubles(element, Filled(groups, 1), groups));
        var zeros = emit.Initializer(node, "zeros", TensorNumbers.OfDoubles(element, Filled(groups, 0), groups));
        var size = emit.Before(node, "Shape", "shape", x);
        var grouped = emit.Before(node, "Reshape", "grouped", x, emit.Ints(node, "groups", 0, groups, -1));
        var normal = emit.Before(node, "InstanceNormalization", "normal", grouped.Output, ones, zeros)
            .With("epsilon", node.GetFloat("epsilon", DefaultEpsilon));
        var whole = emit.Before(node, "Reshape", "whole", normal.Output, size.Output);
        long[] perChannel = [-1, .. Enumerable.Repeat(1L, rank - 2)];
        var scaled = emit.Before(node, "Mul", "scaled", whole.Output, Shaped(step, scale, "scale", perChannel));
        Become(node, "Add", scaled.Output, Shaped(step, bias, "bias", perChannel));
    }

    // Before opset 21 scale and bias belong to groups.
    private static void NormalizeGroups(RespellStep step, long groups)
    {
        var f = new Formula(step);
        var (scale, bias) = (step.Node.Input(1), step.Node.Input(2));
        var size = f.Of("Shape", f.X);
        var grouped = f.Of("Reshape", f.X, f.Integers(0, groups, -1));
        var normal = f.Normalize(grouped, f.Attribute("epsilon"), 2);
        if (step.From < ScalePerChannel)
        {
            var scaled = f.Of("Mul", normal, f.Of("Reshape", scale, f.Integers(-1, 1)));
            f.Becomes("Reshape", f.Of("Add", scaled, f.Of("Reshape", bias, f.Integers(-1, 1))), size);
            return;
        }

        var whole = f.Of("Reshape", normal, size);
        f.Becomes("Add", f.Of("Mul", whole, f.PerChannel(scale!)), f.PerChannel(bias!));
    }

    /// <summary>LayerNormalization before opset 17: mean and variance by reductions.</summary>
    public static void SpellOutLayerNormalization(RespellStep step)
    {
        var node = step.Node;
        if (node.Outputs.Skip(1).Any(o => o is { IsUnused: false }))
            throw step.Decline("its mean or deviation output is read");
        node.TruncateOutputs(1);
        var (x, scale, bias) = (node.Input(0), node.Input(1), node.Input(2));
        var axis = node.GetInt("axis", -1);
        if (axis >= 0)
            axis -= step.ShapeOf(x)?.Rank ?? throw step.Decline("the rank of its input is unknown");
        long[] axes = [.. Enumerable.Range((int)axis, (int)-axis).Select(a => (long)a)];
        var emit = step.Emit;
        var mean = step.Reduce("ReduceMean", "mean", x, axes);
        var centred = emit.Before(node, "Sub", "centred", x, mean);
        var square = emit.Before(node, "Mul", "square", centred.Output, centred.Output);
        var variance = step.Reduce("ReduceMean", "variance", square.Output, axes);
        var epsilon = step.Scalar("epsilon", node.GetFloat("epsilon", DefaultEpsilon), x);
        var shifted = emit.Before(node, "Add", "shifted", variance, epsilon);
        var deviation = emit.Before(node, "Sqrt", "deviation", shifted.Output);
        var normal = emit.Before(node, "Div", "normal", centred.Output, deviation.Output);
        if (bias is null)
        {
            Become(node, "Mul", normal.Output, scale);
            return;
        }

        var scaled = emit.Before(node, "Mul", "scaled", normal.Output, scale);
        Become(node, "Add", scaled.Output, bias);
    }

    /// <summary>Turns a node into another operator on other inputs, without attributes; name and output stay.</summary>
    public static void Become(Node node, string opType, params Value?[] inputs)
    {
        node.OpType = opType;
        node.Attributes.Clear();
        for (var i = 0; i < inputs.Length; i++)
            node.SetInput(i, inputs[i]);
        node.TruncateInputs(inputs.Length);
    }

    private static bool HasOneGroupPerChannel(RespellStep step, long groups) =>
        step.ShapeOf(step.Node.Input(0)) is { Rank: > 1 } shape && shape[1] == Dim.Known(groups);

    private static double[] Filled(long count, double value) => [.. Enumerable.Repeat(value, (int)count)];

    private static Value? Shaped(RespellStep step, Value? value, string suffix, long[] dims)
    {
        var (node, emit) = (step.Node, step.Emit);
        if (value.Constant() is not { } data)
            return emit.Before(node, "Reshape", suffix, value, emit.Ints(node, suffix + "_shape", dims)).Output;
        return emit.Initializer(node, suffix, TensorNumbers.Reshaped(data, [data.Count, .. dims[1..]]));
    }
}
