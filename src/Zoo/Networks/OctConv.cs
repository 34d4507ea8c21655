using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>A network of octave convolutions (Chen et al., "Drop an Octave", 2019): two scales, split by hand.</summary>
public static class OctConv
{
    /// <summary>
    /// Half of the channels at half size. From high to low the features are average-pooled before their kernel, from low to high
    /// enlarged (nearest) after it. Height and width are even.
    /// </summary>
    public static Model Create(ulong seed, int blocks = 2, int channels = 32)
    {
        var net = new NetBuilder("octconv", seed);
        var image = net.Input();
        var half = channels / 2;
        var high = net.ConvRelu(image, "first.h2h", half, 3);
        var low = net.ConvRelu(net.AveragePool(image, 2, 2), "first.h2l", half, 3);
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("blocks", i);
            var (h, l) = Octave(net, high, low, "conv1");
            (h, l) = Octave(net, net.Relu(h), net.Relu(l), "conv2");
            high = net.Add(high, net.Scale(h, 0.1f));
            low = net.Add(low, net.Scale(l, 0.1f));
        }

        var sum = net.Add(net.Conv(high, "last.h2h", 3, 3), net.Resize(net.Conv(low, "last.l2h", 3, 3), 2));
        return net.Output(sum).Model;
    }

    private static (Value High, Value Low) Octave(NetBuilder net, Value high, Value low, string name)
    {
        using var scope = net.Scope(name);
        var (h, l) = (net.Channels(high), net.Channels(low));
        var toHigh = net.Add(net.Conv(high, "h2h", h, 3), net.Resize(net.Conv(low, "l2h", h, 3), 2));
        var toLow = net.Add(net.Conv(low, "l2l", l, 3), net.Conv(net.AveragePool(high, 2, 2), "h2l", l, 3));
        return (toHigh, toLow);
    }
}
