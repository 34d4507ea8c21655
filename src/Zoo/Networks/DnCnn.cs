using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>DnCNN (Zhang et al., "Beyond a Gaussian Denoiser", 2017).</summary>
public static class DnCnn
{
    /// <summary>
    /// Convolutions with batch normalisation that estimate the noise, subtracted from the image. The paper has 17 layers of 64
    /// channels.
    /// </summary>
    public static Model Create(ulong seed, int layers = 7, int colours = 1, int channels = 48)
    {
        var net = new NetBuilder("dncnn", seed);
        var image = net.Input(colours);
        var x = net.ConvRelu(image, "first", channels, 3);
        for (var i = 0; i < layers - 2; i++)
        {
            using var layer = net.Scope("layers", i);
            x = net.Relu(net.BatchNorm(net.Conv(x, "conv", channels, 3, bias: false), "bn"));
        }

        var noise = net.Conv(x, "last", colours, 3, bias: false, gain: Blocks.ResidualGain);
        return net.Output(net.Sub(image, noise)).Model;
    }
}
