using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>RCAN (Zhang et al., "Image Super-Resolution Using Very Deep Residual Channel Attention Networks", 2018).</summary>
public static class Rcan
{
    /// <summary>
    /// Residual groups of residual blocks with channel attention. The paper has 10 groups of 20 blocks, 64 channels, reduction
    /// 16.
    /// </summary>
    public static Model Create(ulong seed, int scale = 2, int groups = 2, int blocks = 3, int channels = 32, int reduction = 8)
    {
        var net = new NetBuilder("rcan", seed);
        var head = net.Conv(net.Input(), "head", channels, 3);
        var x = head;
        for (var g = 0; g < groups; g++)
        {
            using var group = net.Scope("body", g);
            x = Group(net, x, blocks, reduction);
        }

        x = net.Add(net.Conv(x, "body.last", channels, 3), head);
        return net.Output(net.Conv(net.Upsample(x, scale), "tail", 3, 3), scale).Model;
    }

    private static Value Group(NetBuilder net, Value input, int blocks, int reduction)
    {
        var channels = net.Channels(input);
        var x = input;
        for (var b = 0; b < blocks; b++)
        {
            using var block = net.Scope("blocks", b);
            var y = net.Conv(net.ConvRelu(x, "conv1", channels, 3), "conv2", channels, 3, gain: Blocks.ResidualGain);
            x = net.Add(net.ChannelAttention(y, reduction), x);
        }

        return net.Add(net.Conv(x, "last", channels, 3, gain: Blocks.ResidualGain), input);
    }
}
