namespace MsSrConvert.Passes.MultiScale;

/// <summary>
/// The plain start from the source's own weights: a kernel is the block of the source kernel between the channels it connects;
/// a shared kernel is the mean of its uses' blocks. A filling channel repeats a real channel on the way out and is ignored on the
/// way in, so that it changes nothing at first and can still learn.
/// </summary>
public sealed class SliceInitializer : IKernelInitializer
{
    /// <inheritdoc/>
    public string Description => "slice";

    /// <inheritdoc/>
    public ConvKernel Kernel(ConvKernel source, KernelRequest request)
    {
        var (outs, ins) = (request.Uses[0].Outs.Length, request.Uses[0].Ins.Length);
        var kernel = source.Like(outs, ins, request.Groups);
        var share = 1f / request.Uses.Count;
        foreach (var use in request.Uses)
        {
            for (var o = 0; o < outs; o++)
            {
                for (var i = 0; i < ins; i++)
                    Accumulate(source, kernel, (o, i), (Real(use.Outs, o), use.Ins[i]), share);
            }
        }

        return kernel;
    }

    /// <inheritdoc/>
    public float[] Bias(float[] source, IReadOnlyList<int[]> channels)
    {
        var bias = new float[channels[0].Length];
        for (var o = 0; o < bias.Length; o++)
            bias[o] = channels.Sum(branch => source[Real(branch, o)]) / channels.Count;
        return bias;
    }

    private static void Accumulate(ConvKernel source, ConvKernel kernel, (int Out, int In) place, (int Out, int In) channel, float share)
    {
        if (channel.In < 0)
            return;
        var target = kernel.Window(place.Out, place.In);
        var window = target.IsEmpty ? [] : source.Window(channel.Out, channel.In);
        for (var k = 0; k < window.Length; k++)
            target[k] += window[k] * share;
    }

    // A filling channel repeats the channels of its branch from the start; a branch of filling alone repeats channel 0.
    private static int Real(int[] channels, int place)
    {
        if (channels[place] >= 0)
            return channels[place];
        var real = Array.FindAll(channels, c => c >= 0);
        return real.Length == 0 ? 0 : real[place % real.Length];
    }
}
