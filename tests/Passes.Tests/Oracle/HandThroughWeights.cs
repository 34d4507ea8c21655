using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching.Rules;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>
/// Gives the convs of a source network weights with which its converted form must compute the same at every size. Channels of the
/// finest branch, and of full values, hold images that a conv hands through pixel by pixel; channels of coarser branches hold
/// constants, which halving and doubling don't change. What a conv does within one branch it does alike within every other (the
/// shared kernel), and nothing crosses from one branch to another.
/// </summary>
internal sealed class HandThroughWeights(ConversionPlan plan, float gain)
{
    private readonly HashSet<Value> _done = [];

    /// <summary>Sets the weights of a model whose convs have the same names as the plan's.</summary>
    public void Set(Model source)
    {
        var graph = source.Graph;
        var convs = graph.Nodes.Where(Convs.IsConv).ToDictionary(n => n.Name);
        foreach (var planned in plan.Convs.Select(c => c.Node))
        {
            if (!convs.TryGetValue(planned.Name, out var conv) || conv.Input(1) is not { Initializer: { } data } weight
                || !_done.Add(weight) || data.Dims.Count != 4)
            {
                continue;
            }

            var kernel = Kernel(planned);
            graph.SetInitializer(weight, kernel.ToTensor(data.Element));
            if (conv.Input(2) is { Initializer: { } values } bias && _done.Add(bias))
                graph.SetInitializer(bias, TensorData.OfFloating(values.Element, Bias(planned, (int)values.Count), values.Count));
        }
    }

    private BranchLayout? LayoutOf(Value value) => plan.Layouts.GetValueOrDefault(value.Name);

    private float Weight(int place) => gain * (1 - (place % 3) * 0.125f);

    // The same at the same place of every branch: an interaction's bias is shared.
    private float[] Bias(Node conv, int count)
    {
        var bias = Enumerable.Range(0, count).Select(channel => 0.0625f * ((channel * 7 % 5) - 1)).ToArray();
        if (LayoutOf(conv.Output) is not { } layout)
            return bias;
        for (var branch = 0; branch < layout.Branches; branch++)
        {
            for (var place = 0; place < layout.Width; place++)
            {
                if (layout[branch][place] is >= 0 and var channel)
                    bias[channel] = 0.0625f * ((place * 7 % 5) - 1);
            }
        }

        return bias;
    }

    private ConvKernel Kernel(Node conv)
    {
        var kernel = ConvKernel.Of(conv);
        kernel.Values.Clear();
        if (Taps(conv, kernel) is not { } taps)
            return kernel;
        var (input, output) = (LayoutOf(ConvSite.Of(conv).Input), LayoutOf(conv.Output));
        if (input is not null && output is not null)
            Within(conv, kernel, taps, input, output);
        else
            Across(kernel, taps, Images(input ?? PooledFrom(conv.Input(0)!), kernel.Ins), Images(output, kernel.Outs));
        return kernel;
    }

    private void Across(ConvKernel kernel, int[] taps, int[] ins, int[] outs)
    {
        foreach (var o in outs)
        {
            int[] fitting = [.. ins.Where(i => !kernel.Window(o, i).IsEmpty)];
            if (fitting.Length > 0)
                Put(kernel, taps, o, fitting[o % fitting.Length], Weight(o));
        }
    }

    // One pattern of places for all branches.
    private void Within(Node conv, ConvKernel kernel, int[] taps, BranchLayout input, BranchLayout output)
    {
        var inner = kernel.Like(output.Width, input.Width, LayerWeights.GroupsPerBranch(conv, input, output));
        var images = Images(input, kernel.Ins).ToHashSet();
        for (var o = 0; o < output.Width; o++)
        {
            for (var step = 0; step < input.Width; step++)
            {
                var i = (o + step) % input.Width;
                if (inner.Window(o, i).IsEmpty || !images.Contains(input[0][i]) || !Fits(kernel, input, output, o, i))
                    continue;
                for (var branch = 0; branch < output.Branches; branch++)
                {
                    if (output[branch][o] >= 0)
                        Put(kernel, taps, output[branch][o], input[branch][i], Weight(o));
                }

                break;
            }
        }
    }

    private static bool Fits(ConvKernel kernel, BranchLayout input, BranchLayout output, int o, int i)
    {
        for (var branch = 0; branch < output.Branches; branch++)
        {
            if (output[branch][o] >= 0 && (input[branch][i] < 0 || kernel.Window(output[branch][o], input[branch][i]).IsEmpty))
                return false;
        }

        return true;
    }

    // Channels that hold images: all of a full value, and of a branched one those of the finest branch that no other branch has
    // too.
    private static int[] Images(BranchLayout? layout, int channels)
    {
        if (layout is null)
            return [.. Enumerable.Range(0, channels)];
        var coarse = Enumerable.Range(1, layout.Branches - 1).SelectMany(b => layout[b].ToArray()).ToHashSet();
        return [.. layout[0].ToArray().Where(c => c >= 0 && !coarse.Contains(c))];
    }

    // A vector pooled from branches: what it holds of coarser ones is a mean over other pixels.
    private BranchLayout? PooledFrom(Value value)
    {
        while (value.Producer is { } node)
        {
            if (OperatorRules.Find(node) is GlobalPoolRule)
                return LayoutOf(node.Input(0)!);
            if (OperatorRules.Find(node) is not UnaryRule)
                return null;
            value = node.Input(0)!;
        }

        return null;
    }

    private static void Put(ConvKernel kernel, int[] taps, int output, int input, float weight)
    {
        var window = kernel.Window(output, input);
        foreach (var tap in taps)
            window[tap] = weight;
    }

    // The places of a window that hand a pixel through: one that looks at the pixel itself, or for a transposed conv those that
    // repeat it.
    private static int[]? Taps(Node conv, ConvKernel kernel)
    {
        var margin = ConvSite.Of(conv).Margin;
        var rows = Taps(conv, kernel.Height, margin, 0);
        var columns = Taps(conv, kernel.Width, margin, 1);
        return rows.Length == 0
            || columns.Length == 0 ? null : [.. rows.SelectMany(row => columns.Select(column => row * kernel.Width + column))];
    }

    private static int[] Taps(Node conv, int size, IReadOnlyList<long>? margin, int axis)
    {
        var pads = conv.GetInts("pads") ?? [0, 0, 0, 0];
        var (before, after) = (pads[axis] + (margin?[axis] ?? 0), pads[axis + 2] + (margin?[axis + 2] ?? 0));
        var dilation = conv.GetInts("dilations")?[axis] ?? 1;
        if (conv.Is("ConvTranspose"))
        {
            var stride = conv.GetInts("strides")?[axis] ?? 1;
            return dilation == 1 && before + stride <= size ? [.. Enumerable.Range((int)before, (int)stride)] : [];
        }

        var isInside = before % dilation == 0 && before / dilation < size && before + after <= dilation * (size - 1);
        return isInside ? [(int)(before / dilation)] : [];
    }
}
