using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>
/// Kernels and biases that do in branches what <see cref="HandThroughWeights"/> made the source do: the block of the source's
/// kernel that lies between real channels. Where a kernel is used several times, the source's blocks are equal.
/// </summary>
internal sealed class HandThroughStart : IKernelInitializer
{
    public string Description => "hand-through";

    public ConvKernel Kernel(ConvKernel source, KernelRequest request)
    {
        var kernel = source.Like(request.Uses[0].Outs.Length, request.Uses[0].Ins.Length, request.Groups);
        for (var o = 0; o < kernel.Outs; o++)
        {
            for (var i = 0; i < kernel.Ins; i++)
            {
                var use = request.Uses.FirstOrDefault(u => u.Outs[o] >= 0 && u.Ins[i] >= 0);
                if (use.Outs is null || kernel.Window(o, i).IsEmpty)
                    continue;
                var window = source.Window(use.Outs[o], use.Ins[i]);
                if (!window.IsEmpty)
                    window.CopyTo(kernel.Window(o, i));
            }
        }

        return kernel;
    }

    public float[] Bias(float[] source, IReadOnlyList<int[]> channels) =>
        [
            .. channels[0]
                .Select(
                    (_, place) => channels.Select(branch => branch[place]).FirstOrDefault(channel => channel >= 0, -1) is >= 0
                        and var real ? source[real] : 0.25f)
        ];
}
