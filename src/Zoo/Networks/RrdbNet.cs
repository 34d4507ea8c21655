using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>RRDBNet (Wang et al., "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", 2018).</summary>
public static class RrdbNet
{
    private const int DenseBlocks = 3;
    private const int DenseLayers = 5;
    private const float Beta = 0.2f;

    /// <summary>
    /// Residual-in-residual dense blocks scaled by 0.2, a skip over the trunk, nearest Resize and convolution for each doubling.
    /// The paper has 23 blocks of 64 channels with growth 32.
    /// </summary>
    public static Model Create(ulong seed, int blocks = 1, int channels = 32, int growth = 16, int doublings = 2)
    {
        var net = new NetBuilder("rrdbnet", seed);
        var head = net.Conv(net.Input(), "conv_first", channels, 3);
        var x = head;
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("body", i);
            var y = x;
            for (var j = 1; j <= DenseBlocks; j++)
            {
                using var dense = net.Scope(FormattableString.Invariant($"rdb{j}"));
                y = DenseBlock(net, y, growth);
            }

            x = net.Add(net.Scale(y, Beta), x);
        }

        x = net.Add(head, net.Conv(x, "conv_body", channels, 3));
        for (var i = 1; i <= doublings; i++)
            x = net.ConvLeaky(net.Resize(x, 2), FormattableString.Invariant($"conv_up{i}"), channels, 3);
        x = net.Conv(net.ConvLeaky(x, "conv_hr", channels, 3), "conv_last", 3, 3);
        return net.Output(x, 1 << doublings).Model;
    }

    private static Value DenseBlock(NetBuilder net, Value x, int growth)
    {
        List<Value> all = [x];
        for (var i = 1; i < DenseLayers; i++)
        {
            var input = all.Count == 1 ? x : net.Concat(all);
            all.Add(net.ConvLeaky(input, FormattableString.Invariant($"conv{i}"), growth, 3));
        }

        var last = net.Conv(net.Concat(all), FormattableString.Invariant($"conv{DenseLayers}"), net.Channels(x), 3);
        return net.Add(net.Scale(last, Beta), x);
    }
}
