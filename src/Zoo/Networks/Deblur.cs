using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>An encoder-decoder in the manner of DeblurGAN's generator (Kupyn et al., 2018), without its normalisation.</summary>
public static class Deblur
{
    /// <summary>
    /// 7×7 convolutions at both ends on reflected borders, stride-2 convolutions, residual blocks, transposed 3×3 convolutions
    /// with output padding, tanh, and the image added. Height and width are multiples of <c>2^depth</c>. The paper has depth 2, 9
    /// blocks, 64 channels.
    /// </summary>
    public static Model Create(ulong seed, int depth = 2, int blocks = 2, int channels = 16)
    {
        var net = new NetBuilder("deblur", seed);
        var image = net.Input();
        var x = net.Relu(net.Conv(net.Pad(image, 3), "first", channels, 7, padding: 0));
        for (var i = 0; i < depth; i++)
            x = net.ConvRelu(x, FormattableString.Invariant($"down.{i}"), 2 * net.Channels(x), 3, stride: 2);
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("blocks", i);
            x = net.ResidualBlock(x);
        }

        for (var i = 0; i < depth; i++)
            x = net.Relu(net.ConvTranspose(x, FormattableString.Invariant($"up.{i}"), net.Channels(x) / 2, 3, 2, 1, 1));
        x = net.Tanh(net.Conv(net.Pad(x, 3), "last", 3, 7, padding: 0));
        return net.Output(net.Clip(net.Add(x, image), -1, 1)).Model;
    }
}
