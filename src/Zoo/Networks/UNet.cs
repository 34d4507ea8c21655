using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>
/// U-Net (Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", 2015) for restoration.
/// </summary>
public static class UNet
{
    /// <summary>
    /// Max pooling down, transposed 2×2 convolutions up, skips concatenated. Height and width are multiples of <c>2^depth</c>.
    /// The paper has depth 4 and 64 channels.
    /// </summary>
    public static Model CreateWithConvTranspose(ulong seed, int depth = 3, int channels = 16)
    {
        var net = new NetBuilder("unet-pool-convtranspose", seed);
        return Build(net, depth, channels,
            (x, _) => net.MaxPool(x, 2, 2),
            (x, c) => net.ConvTranspose(x, "up", c, 2, 2, 0));
    }

    /// <summary>As the other, with stride-2 convolutions down and nearest Resize and a convolution up.</summary>
    public static Model CreateWithResize(ulong seed, int depth = 3, int channels = 16)
    {
        var net = new NetBuilder("unet-resize", seed);
        return Build(net, depth, channels,
            (x, c) => net.ConvLeaky(x, "down", c, 3, stride: 2),
            (x, c) => net.Conv(net.Resize(x, 2), "up", c, 3));
    }

    private static Model Build(NetBuilder net, int depth, int channels, Func<Value, int, Value> down, Func<Value, int, Value> up)
    {
        var x = net.Input();
        List<Value> skips = [];
        for (var i = 0; i < depth; i++)
        {
            using var level = net.Scope("encoder", i);
            skips.Add(x = Double(net, x, channels << i));
            x = down(x, channels << i);
        }

        using (net.Scope("bottleneck"))
            x = Double(net, x, channels << depth);
        for (var i = depth - 1; i >= 0; i--)
        {
            using var level = net.Scope("decoder", i);
            x = Double(net, net.Concat(up(x, channels << i), skips[i]), channels << i);
        }

        return net.Output(net.Conv(x, "last", 3, 1)).Model;
    }

    private static Value Double(NetBuilder net, Value x, int channels) =>
        net.ConvRelu(net.ConvRelu(x, "conv1", channels, 3), "conv2", channels, 3);
}
