using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>RLFN (Kong et al., "Residual Local Feature Network for Efficient Super-Resolution", 2022).</summary>
public static class Rlfn
{
    private const int AttentionChannels = 16;

    /// <summary>
    /// Blocks of three convolutions with a residual, a 1×1 convolution and enhanced spatial attention. The paper has 6 blocks of
    /// 52 channels, its challenge entry 4 of 46.
    /// </summary>
    public static Model Create(ulong seed, int scale = 4, int blocks = 2, int channels = 36)
    {
        var net = new NetBuilder("rlfn", seed);
        var head = net.Conv(net.Input(), "conv_1", channels, 3);
        var x = head;
        for (var i = 1; i <= blocks; i++)
        {
            using var block = net.Scope(FormattableString.Invariant($"block_{i}"));
            var y = net.ConvLeaky(x, "c1_r", channels, 3, 0.05f);
            y = net.ConvLeaky(y, "c2_r", channels, 3, 0.05f);
            y = net.ConvLeaky(y, "c3_r", channels, 3, 0.05f);
            x = net.SpatialAttention(net.Conv(net.Add(y, x), "c5", channels, 1), AttentionChannels, 1);
        }

        x = net.Add(net.Conv(x, "conv_2", channels, 3), head);
        x = net.Conv(x, "upsampler", 3 * scale * scale, 3);
        return net.Output(net.PixelShuffle(x, scale), scale).Model;
    }
}
