using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>
/// A feature pyramid (Lin et al., "Feature Pyramid Networks", 2017) used as DeblurGAN-v2 does (Kupyn et al., 2019).
/// </summary>
public static class Fpn
{
    /// <summary>
    /// Stride-2 convolutions down, 1×1 laterals added to what comes down enlarged, every level enlarged to full size and
    /// concatenated, the image added. Height and width are multiples of <c>2^(levels-1)</c>.
    /// </summary>
    public static Model Create(ulong seed, int levels = 4, int channels = 16, int width = 32)
    {
        var net = new NetBuilder("fpn", seed);
        var image = net.Input();
        List<Value> bottomUp = [net.ConvRelu(image, "stem", channels, 3)];
        for (var i = 1; i < levels; i++)
        {
            using var level = net.Scope("bottom_up", i);
            var x = net.ConvRelu(bottomUp[^1], "down", channels << Math.Min(i, 2), 3, stride: 2);
            bottomUp.Add(net.Relu(net.ResidualBlock(x)));
        }

        List<Value> pyramid = [];
        Value? above = null;
        for (var i = levels - 1; i >= 0; i--)
        {
            using var level = net.Scope("top_down", i);
            var lateral = net.Conv(bottomUp[i], "lateral", width, 1);
            above = above is null ? lateral : net.Add(lateral, net.Resize(above, 2));
            var smooth = net.ConvRelu(above, "smooth", width / 2, 3);
            pyramid.Add(i == 0 ? smooth : net.Resize(smooth, 1 << i));
        }

        var merged = net.ConvRelu(net.Concat(pyramid), "merge", width, 3);
        return net.Output(net.Add(net.Conv(merged, "last", 3, 3, gain: Blocks.ResidualGain), image)).Model;
    }
}
