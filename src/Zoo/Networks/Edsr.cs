using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>EDSR (Lim et al., "Enhanced Deep Residual Networks for Single Image Super-Resolution", 2017).</summary>
public static class Edsr
{
    /// <summary>
    /// MeanShift, residual blocks scaled by <paramref name="residualScale"/>, a skip over the trunk, PixelShuffle. The paper's
    /// baseline has 16 blocks of 64 channels, its full network 32 of 256.
    /// </summary>
    public static Model Create(ulong seed, int scale = 2, int blocks = 4, int channels = 32, float residualScale = 0.1f,
        float range = 255)
    {
        var net = new NetBuilder("edsr", seed);
        var head = net.Conv(net.MeanShift(net.Input(), "sub_mean", -1, range), "head.0", channels, 3);
        var x = head;
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("body", i);
            var y = net.Conv(net.ConvRelu(x, "conv1", channels, 3), "conv2", channels, 3);
            x = net.Add(net.Scale(y, residualScale), x);
        }

        x = net.Add(net.Conv(x, "body.last", channels, 3), head);
        x = net.Conv(net.Upsample(x, scale), "tail", 3, 3);
        return net.Output(net.MeanShift(x, "add_mean", 1, range), scale).Model;
    }
}
