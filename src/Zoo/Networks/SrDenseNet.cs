using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>SRDenseNet (Tong et al., "Image Super-Resolution Using Dense Skip Connections", 2017).</summary>
public static class SrDenseNet
{
    /// <summary>
    /// Dense blocks whose outputs are all concatenated, a 1×1 bottleneck, and transposed convolutions that double. The paper has
    /// 8 blocks of 8 layers with growth 16 and a bottleneck of 256.
    /// </summary>
    public static Model Create(ulong seed, int blocks = 2, int layers = 4, int growth = 16, int bottleneck = 64,
        int doublings = 2)
    {
        var net = new NetBuilder("srdensenet", seed);
        var x = net.ConvRelu(net.Input(1), "conv", growth * layers, 3);
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("dense_blocks", i);
            x = net.Concat(x, DenseBlock(net, x, layers, growth));
        }

        x = net.ConvRelu(x, "bottleneck", bottleneck, 1);
        for (var i = 0; i < doublings; i++)
        {
            using var stage = net.Scope("deconv", i);
            x = net.Relu(net.ConvTranspose(x, "up", bottleneck, 3, 2, 1, 1));
        }

        return net.Output(net.Conv(x, "reconstruction", 1, 3), 1 << doublings).Model;
    }

    private static Value DenseBlock(NetBuilder net, Value x, int layers, int growth)
    {
        List<Value> made = [];
        for (var i = 0; i < layers; i++)
        {
            var input = i == 0 ? x : net.Concat([x, .. made]);
            made.Add(net.ConvRelu(input, FormattableString.Invariant($"{i}.conv"), growth, 3));
        }

        return net.Concat(made);
    }
}
