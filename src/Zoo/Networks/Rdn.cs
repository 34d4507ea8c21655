using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>RDN (Zhang et al., "Residual Dense Network for Image Super-Resolution", 2018).</summary>
public static class Rdn
{
    /// <summary>
    /// Residual dense blocks with local fusion (1×1) and residual, global fusion of all blocks, a skip to the first convolution,
    /// PixelShuffle. The paper has 16 blocks of 8 layers, 64 channels, growth 64.
    /// </summary>
    public static Model Create(ulong seed, int scale = 2, int blocks = 3, int layers = 3, int channels = 32, int growth = 16)
    {
        var net = new NetBuilder("rdn", seed);
        var shallow = net.Conv(net.Input(), "sfe1", channels, 3);
        var x = net.Conv(shallow, "sfe2", channels, 3);
        List<Value> outputs = [];
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("rdbs", i);
            outputs.Add(x = DenseBlock(net, x, layers, growth));
        }

        using (net.Scope("gff"))
            x = net.Add(net.Conv(net.Conv(net.Concat(outputs), "0", channels, 1), "1", channels, 3), shallow);
        return net.Output(net.Conv(net.Upsample(x, scale), "output", 3, 3), scale).Model;
    }

    private static Value DenseBlock(NetBuilder net, Value x, int layers, int growth)
    {
        var all = x;
        for (var i = 0; i < layers; i++)
            all = net.Concat(all, net.ConvRelu(all, FormattableString.Invariant($"layers.{i}.conv"), growth, 3));
        return net.Add(x, net.Conv(all, "lff", net.Channels(x), 1, gain: Blocks.ResidualGain));
    }
}
