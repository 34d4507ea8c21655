using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>FMEN (Du et al., "Fast and Memory-Efficient Network Towards Efficient Image Super-Resolution", 2022).</summary>
public static class Fmen
{
    /// <summary>
    /// Re-parameterised residual blocks (by then plain convolutions) and high-frequency attention: pixel gates from a narrow
    /// convolutional branch. The paper's challenge entry has 4 pairs of 50 channels and gates of 16.
    /// </summary>
    public static Model Create(ulong seed, int scale = 4, int pairs = 2, int channels = 32, int gateChannels = 16)
    {
        var net = new NetBuilder("fmen", seed);
        var head = net.Conv(net.Input(), "head", channels, 3);
        var x = Attention(net, Block(net, head, "warmup.0"), "warmup.1", gateChannels);
        for (var i = 0; i < pairs; i++)
        {
            using var scope = net.Scope("body", i);
            x = Attention(net, Block(net, x, "erb"), "hfab", gateChannels);
        }

        x = net.Add(net.Conv(x, "lr_conv", channels, 3), head);
        x = net.Conv(x, "tail", 3 * scale * scale, 3);
        return net.Output(net.PixelShuffle(x, scale), scale).Model;
    }

    private static Value Block(NetBuilder net, Value x, string name)
    {
        using var scope = net.Scope(name);
        var channels = net.Channels(x);
        return net.Conv(net.ConvLeaky(x, "conv1", channels, 3), "conv2", channels, 3);
    }

    private static Value Attention(NetBuilder net, Value x, string name, int gateChannels)
    {
        using var scope = net.Scope(name);
        var gate = net.ConvLeaky(x, "squeeze", gateChannels, 3);
        gate = net.LeakyRelu(Block(net, gate, "convs"));
        return net.Mul(net.Sigmoid(net.Conv(gate, "excitate", net.Channels(x), 3)), x);
    }
}
