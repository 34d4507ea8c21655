using MsSrConvert.Method;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// The plain start from the source's own weights: a kernel is the block of the source kernel between the channels it connects;
/// a shared kernel is the mean of its uses' blocks. A padding channel is a copy of a real one on the way out and is ignored on
/// the way in, so that it changes nothing at first and can still learn; what stands between real channels in any use is taken
/// from those alone.
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
        for (var o = 0; o < outs; o++)
        {
            for (var i = 0; i < ins; i++)
            {
                var target = kernel.Window(o, i);
                var uses = target.IsEmpty ? [] : Sources(request, o, i);
                foreach (var (output, input) in uses)
                    Accumulate(source.Window(output, input), target, 1f / uses.Length);
            }
        }

        return kernel;
    }

    /// <inheritdoc/>
    public float[] Bias(float[] source, IReadOnlyList<int[]> channels)
    {
        var bias = new float[channels[0].Length];
        for (var o = 0; o < bias.Length; o++)
        {
            var real = channels.Select(branch => branch[o]).Where(c => c >= 0).ToArray();
            bias[o] = real.Length > 0
                ? real.Sum(c => source[c]) / real.Length
                : channels.Sum(branch => source[BranchLayout.SourceOf(branch[o])]) / channels.Count;
        }

        return bias;
    }

    // The source channels whose windows meet at a place of the kernel: those of uses in which both sides are real, else those
    // whose input is, else - where a group's inputs are padding altogether - the copies.
    private static (int Output, int Input)[] Sources(KernelRequest request, int output, int input)
    {
        var pairs = request.Uses.Select(use => (Output: use.Outs[output], Input: use.Ins[input])).ToArray();
        var chosen = pairs.Where(p => p is { Output: >= 0, Input: >= 0 }).ToArray();
        if (chosen.Length == 0)
            chosen = [.. pairs.Where(p => p.Input >= 0)];
        if (chosen.Length == 0 && request.Groups > 1)
        {
            chosen = [.. request.Uses.Where(use => IsPadding(use.Ins, input, request.Groups))
                .Select(use => (use.Outs[output], use.Ins[input]))];
        }

        return Array.ConvertAll(chosen, p => (BranchLayout.SourceOf(p.Output), BranchLayout.SourceOf(p.Input)));
    }

    private static bool IsPadding(int[] ins, int input, int groups)
    {
        var width = ins.Length / groups;
        return ins.AsSpan(input / width * width, width).IndexOfAnyInRange(0, int.MaxValue) < 0;
    }

    private static void Accumulate(ReadOnlySpan<float> window, Span<float> target, float share)
    {
        for (var k = 0; k < window.Length; k++)
            target[k] += window[k] * share;
    }
}
