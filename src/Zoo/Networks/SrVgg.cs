using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>SRVGGNetCompact (Wang et al., "Real-ESRGAN", 2021).</summary>
public static class SrVgg
{
    /// <summary>
    /// A plain chain of convolutions with PReLU, PixelShuffle, and the enlarged (nearest) image added. The published network has
    /// 16 convolutions of 64 channels between the ends.
    /// </summary>
    public static Model Create(ulong seed, int scale = 4, int convolutions = 6, int channels = 48)
    {
        var net = new NetBuilder("srvgg", seed);
        var image = net.Input();
        var x = net.PRelu(net.Conv(image, "body.0", channels, 3), "body.1");
        for (var i = 1; i <= convolutions; i++)
        {
            x = net.Conv(x, FormattableString.Invariant($"body.{2 * i}"), channels, 3);
            x = net.PRelu(x, FormattableString.Invariant($"body.{(2 * i) + 1}"));
        }

        x = net.Conv(x, "tail", 3 * scale * scale, 3, gain: Blocks.ResidualGain);
        return net.Output(net.Add(net.PixelShuffle(x, scale), net.Resize(image, scale)), scale).Model;
    }
}
