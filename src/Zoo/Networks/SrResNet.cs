using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>SRResNet (Ledig et al., "Photo-Realistic Single Image Super-Resolution Using a GAN", 2017).</summary>
public static class SrResNet
{
    private const double ResidualGain = 0.1;

    /// <summary>
    /// The form that the method's patent measures: a 3×3 convolution, residual blocks conv-relu-conv-add at input resolution,
    /// one convolution with PixelShuffle and relu for each doubling, and two convolutions at the end; all with bias.
    /// 1,591,427 parameters and 42,759,880,704 multiply-adds at 128×128 with the arguments' defaults.
    /// </summary>
    public static Model Create(ulong seed, int blocks = 17, int channels = 64, int doublings = 2)
    {
        var net = new NetBuilder("srresnet", seed);
        var x = net.Conv(net.Input(), "head", channels, 3);
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("body", i);
            var y = net.Relu(net.Conv(x, "conv1", channels, 3));
            x = net.Add(x, net.Conv(y, "conv2", channels, 3, gain: ResidualGain));
        }

        for (var i = 0; i < doublings; i++)
        {
            using var stage = net.Scope("upsample", i);
            x = net.Relu(net.PixelShuffle(net.Conv(x, "conv", 4 * channels, 3), 2));
        }

        using (net.Scope("tail"))
            x = net.Conv(net.Relu(net.Conv(x, "conv1", channels, 3)), "conv2", 3, 3);
        return net.Output(x, 1 << doublings).Model;
    }

    /// <summary>
    /// The paper's form: 9×9 convolutions at both ends, PReLU with one slope, batch normalisation in every block and a skip over
    /// the trunk. The paper has 16 blocks of 64 channels.
    /// </summary>
    public static Model CreateWithBatchNorm(ulong seed, int blocks = 4, int channels = 32, int doublings = 2)
    {
        var net = new NetBuilder("srresnet-bn", seed);
        var head = net.PRelu(net.Conv(net.Input(), "conv1", channels, 9), "prelu", 1);
        var x = head;
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("blocks", i);
            var y = net.BatchNorm(net.Conv(x, "conv1", channels, 3, bias: false), "bn1");
            y = net.Conv(net.PRelu(y, "prelu", 1), "conv2", channels, 3, bias: false, gain: ResidualGain);
            x = net.Add(x, net.BatchNorm(y, "bn2"));
        }

        x = net.Add(head, net.BatchNorm(net.Conv(x, "conv2", channels, 3, bias: false), "bn"));
        for (var i = 0; i < doublings; i++)
        {
            using var stage = net.Scope("upsample", i);
            x = net.PRelu(net.PixelShuffle(net.Conv(x, "conv", 4 * channels, 3), 2), "prelu", 1);
        }

        return net.Output(net.Conv(x, "conv3", 3, 9), 1 << doublings).Model;
    }
}
