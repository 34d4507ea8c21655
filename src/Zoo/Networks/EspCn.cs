using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>
/// ESPCN (Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel CNN", 2016).
/// </summary>
public static class EspCn
{
    /// <summary>Convolutions 5-3-3 with tanh and a PixelShuffle that ends the network.</summary>
    public static Model Create(ulong seed, int scale = 3, int colours = 1, int wide = 64, int narrow = 32)
    {
        var net = new NetBuilder("espcn", seed);
        var x = net.Tanh(net.Conv(net.Input(colours), "conv1", wide, 5));
        x = net.Tanh(net.Conv(x, "conv2", narrow, 3));
        x = net.Conv(x, "conv3", colours * scale * scale, 3);
        return net.Output(net.PixelShuffle(x, scale), scale).Model;
    }
}
