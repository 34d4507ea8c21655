using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>SRCNN (Dong et al., "Image Super-Resolution Using Deep Convolutional Networks", 2014).</summary>
public static class SrCnn
{
    /// <summary>Three convolutions 9-1-5 on an image that has been enlarged already; (N,3,H,W) to the same size.</summary>
    public static Model Create(ulong seed, int colours = 3, int wide = 64, int narrow = 32, int middleKernel = 1)
    {
        var net = new NetBuilder("srcnn", seed);
        var x = net.ConvRelu(net.Input(colours), "conv1", wide, 9);
        x = net.ConvRelu(x, "conv2", narrow, middleKernel);
        return net.Output(net.Conv(x, "conv3", colours, 5)).Model;
    }
}
