using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Replaces a convolution whose channels are split at once by one convolution per group. Runtimes that keep channels in blocks
/// have no blocked Split: it takes the first branch out of that layout, and every residual sum on it with it.
/// </summary>
/// <param name="block">The runtime's channel block: groups of other widths wouldn't be blocked anyhow, and stay.</param>
internal sealed class ConvPerGroup(int block) : IPass
{
    /// <inheritdoc/>
    public string Name => "conv-per-group";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var emit = new Emitter(model);
        return new PassResult(model.Graph.Nodes.Where(n => n.Is("Split")).ToArray().Count(split => Rewrite(split, emit)));
    }

    private bool Rewrite(Node split, Emitter emit)
    {
        if (split.IntOf("axis") != 1 || split.Outputs.Contains(null)
            || ConvWeights.SoleProducer(split.Input(0), split) is not { OpType: "Conv" } conv
            || conv.IntOf("group") != 1 || Widths(split, conv) is not { } widths || widths.Any(w => w % block != 0))
        {
            return false;
        }

        var first = 0;
        for (var i = 0; i < widths.Length; i++)
        {
            int[] channels = [.. Enumerable.Range(first, (int)widths[i])];
            first += (int)widths[i];
            var kernel = emit.Initializer(conv, $"group{i + 1}/kernel",
                ChannelSlices.Take(conv.Input(1)!.Initializer!, 0, channels));
            var bias = conv.Input(2) is { } b
                ? emit.Initializer(conv, $"group{i + 1}/bias", ChannelSlices.Take(b.Initializer!, 0, channels)) : null;
            var part = emit.Before(split, "Conv", $"group{i + 1}",
                bias is null ? [conv.Input(0), kernel] : [conv.Input(0), kernel, bias]).WithAttributesOf(conv);
            var output = split.Outputs[i]!;
            split.SetOutput(i, null);
            part.SetOutput(0, output);
        }

        split.Graph!.Remove(split);
        conv.Graph!.Remove(conv);
        return true;
    }

    private static long[]? Widths(Node split, Node conv)
    {
        if (split.Input(1) is { } given)
            return given.ConstantInts();
        var (all, count) = (ConvWeights.OutputChannels(conv), split.Outputs.Count);
        return all % count == 0 ? [.. Enumerable.Repeat(all / count, count)] : null;
    }
}
