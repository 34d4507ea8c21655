using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>FSRCNN (Dong et al., "Accelerating the Super-Resolution Convolutional Neural Network", 2016).</summary>
public static class FsrCnn
{
    /// <summary>
    /// A 5×5 convolution to <paramref name="wide"/> channels, 1×1 down to <paramref name="narrow"/>, 3×3 mappings, 1×1 back, and
    /// a 9×9 transposed convolution that enlarges.
    /// </summary>
    public static Model Create(ulong seed, int scale = 2, int colours = 1, int wide = 56, int narrow = 12, int mappings = 4)
    {
        var net = new NetBuilder("fsrcnn", seed);
        var x = net.PRelu(net.Conv(net.Input(colours), "first", wide, 5), "prelu_first");
        x = net.PRelu(net.Conv(x, "shrink", narrow, 1), "prelu_shrink");
        for (var i = 0; i < mappings; i++)
        {
            using var layer = net.Scope("map", i);
            x = net.PRelu(net.Conv(x, "conv", narrow, 3), "prelu");
        }

        x = net.PRelu(net.Conv(x, "expand", wide, 1), "prelu_expand");
        return net.Output(net.ConvTranspose(x, "last", colours, 9, scale, 4, scale - 1), scale).Model;
    }
}
