using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>VDSR (Kim et al., "Accurate Image Super-Resolution Using Very Deep Convolutional Networks", 2016).</summary>
public static class Vdsr
{
    /// <summary>3×3 convolutions without bias and the image added at the end; the paper has 20 layers of 64 channels.</summary>
    public static Model Create(ulong seed, int layers = 8, int colours = 1, int channels = 64)
    {
        var net = new NetBuilder("vdsr", seed);
        var image = net.Input(colours);
        var x = net.Relu(net.Conv(image, "input", channels, 3, bias: false));
        for (var i = 0; i < layers - 2; i++)
        {
            using var layer = net.Scope("residual_layer", i);
            x = net.Relu(net.Conv(x, "conv", channels, 3, bias: false));
        }

        x = net.Conv(x, "output", colours, 3, bias: false, gain: Blocks.ResidualGain);
        return net.Output(net.Add(x, image)).Model;
    }
}
