using System.Numerics;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <summary>Groups of layers that several networks use.</summary>
internal static class Blocks
{
    /// <summary>
    /// The weights' factor in the last layer of a residual branch: with it, deep sums stay near their input's size.
    /// </summary>
    public const double ResidualGain = 0.1;

    /// <summary>A convolution and a relu.</summary>
    public static Value ConvRelu(this NetBuilder net, Value x, string layer, int channels, Extent kernel,
        Extent? stride = null) => net.Relu(net.Conv(x, layer, channels, kernel, stride));

    /// <summary>A convolution and a leaky relu.</summary>
    public static Value ConvLeaky(this NetBuilder net, Value x, string layer, int channels, Extent kernel, float slope = 0.2f,
        Extent? stride = null) => net.LeakyRelu(net.Conv(x, layer, channels, kernel, stride), slope);

    /// <summary>conv-relu-conv-add.</summary>
    public static Value ResidualBlock(this NetBuilder net, Value x)
    {
        var channels = net.Channels(x);
        return net.Add(x, net.Conv(net.ConvRelu(x, "conv1", channels, 3), "conv2", channels, 3, gain: ResidualGain));
    }

    /// <summary>Convolution and PixelShuffle, once for 3 or any other odd factor and once for each doubling else.</summary>
    public static Value Upsample(this NetBuilder net, Value x, int scale, bool relu = false)
    {
        var channels = net.Channels(x);
        var doublings = BitOperations.IsPow2(scale) ? BitOperations.Log2((uint)scale) : 1;
        var factor = doublings == 1 ? scale : 2;
        for (var i = 0; i < doublings; i++)
        {
            using var stage = net.Scope("upsample", i);
            x = net.PixelShuffle(net.Conv(x, "conv", factor * factor * channels, 3), factor);
            x = relu ? net.Relu(x) : x;
        }

        return x;
    }

    /// <summary>EDSR's MeanShift: a 1×1 convolution that adds <paramref name="sign"/> times the data set's mean colour.</summary>
    public static Value MeanShift(this NetBuilder net, Value x, string layer, int sign, float range)
    {
        float[] mean = [0.4488f, 0.4371f, 0.4040f];
        var weight = net.Parameter(layer + ".weight", [3, 3, 1, 1], () => [1, 0, 0, 0, 1, 0, 0, 0, 1]);
        var bias = net.Parameter(layer + ".bias", [3], () => Array.ConvertAll(mean, m => sign * range * m));
        return net.ConvWith(x, layer, weight, bias, 3, 1);
    }

    /// <summary>Channel attention: a gate in (0,1) for each channel, from the channels' means.</summary>
    public static Value ChannelAttention(this NetBuilder net, Value x, int reduction) =>
        net.Gate(x, net.GlobalAveragePool(x), reduction);

    /// <summary>Squeeze and excitation of the given statistics (N,C,1,1), applied to <paramref name="x"/>.</summary>
    public static Value Gate(this NetBuilder net, Value x, Value statistics, int reduction)
    {
        var channels = net.Channels(x);
        var squeezed = net.ConvRelu(statistics, "fc1", Math.Max(1, channels / reduction), 1);
        return net.Mul(x, net.Sigmoid(net.Conv(squeezed, "fc2", channels, 1)));
    }

    /// <summary>Contrast-aware channel attention: the gate sees each channel's mean plus its deviation.</summary>
    public static Value ContrastAttention(this NetBuilder net, Value x, int reduction)
    {
        var mean = net.Reduce("ReduceMean", x, 2, 3);
        var centred = net.Sub(x, mean);
        var deviation = net.Unary("Sqrt", net.Reduce("ReduceMean", net.Mul(centred, centred), 2, 3));
        return net.Gate(x, net.Add(deviation, net.GlobalAveragePool(x)), reduction);
    }

    /// <summary>
    /// Enhanced spatial attention (Liu et al., RFANet, 2020): a stride-2 convolution, max pooling 7/3 and convolutions see a wide
    /// neighbourhood, resized back to x's size; a gate in (0,1) for each element. Needs inputs of 15 pixels a side.
    /// </summary>
    /// <param name="net">The network.</param>
    /// <param name="x">(N,C,H,W).</param>
    /// <param name="width">Channels inside.</param>
    /// <param name="convolutions">Convolutions on the pooled values: RFDN has 3, RLFN 1.</param>
    public static Value SpatialAttention(this NetBuilder net, Value x, int width, int convolutions)
    {
        using var scope = net.Scope("esa");
        var reduced = net.Conv(x, "conv1", width, 1);
        var wide = net.MaxPool(net.Conv(reduced, "conv2", width, 3, stride: 2, padding: 0), 7, 3);
        for (var i = 0; i < convolutions - 1; i++)
            wide = net.ConvRelu(wide, FormattableString.Invariant($"conv_max{i}"), width, 3);
        wide = net.ResizeLike(net.Conv(wide, "conv3", width, 3), x);
        var gate = net.Conv(net.Add(wide, net.Conv(reduced, "conv_f", width, 1)), "conv4", net.Channels(x), 1);
        return net.Mul(x, net.Sigmoid(gate));
    }
}
