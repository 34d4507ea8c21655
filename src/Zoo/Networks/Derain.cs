using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>PRN (Ren et al., "Progressive Image Deraining Networks", 2019).</summary>
public static class Derain
{
    /// <summary>
    /// One small residual network run several times with the same weights, each time on the rainy image and the last estimate.
    /// The paper has 6 rounds and 5 blocks of 32 channels.
    /// </summary>
    public static Model Create(ulong seed, int rounds = 3, int blocks = 2, int channels = 32)
    {
        var net = new NetBuilder("derain", seed);
        var image = net.Input();
        var estimate = image;
        for (var round = 0; round < rounds; round++)
        {
            using var stage = net.Scope("stage", reuse: round > 0);
            var x = net.ConvRelu(net.Concat(image, estimate), "conv0", channels, 3);
            for (var i = 0; i < blocks; i++)
            {
                using var block = net.Scope("res", i);
                x = net.Relu(net.ResidualBlock(x));
            }

            estimate = net.Conv(x, "conv", 3, 3);
        }

        return net.Output(estimate).Model;
    }
}
