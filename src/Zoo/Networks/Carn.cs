using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>
/// CARN and CARN-M (Ahn et al., "Fast, Accurate, and Lightweight Super-Resolution with Cascading Residual Network", 2018).
/// </summary>
public static class Carn
{
    private const int Cascades = 3;

    /// <summary>CARN: three cascading blocks of three residual blocks each; the paper has 64 channels.</summary>
    public static Model Create(ulong seed, int scale = 2, int channels = 32) =>
        Build("carn", seed, scale, channels, groups: 1, mobile: false);

    /// <summary>
    /// CARN-M: residual blocks of group convolutions and a 1×1, and one block's weights used three times in each cascade; the
    /// paper has 64 channels and 4 groups.
    /// </summary>
    public static Model CreateMobile(ulong seed, int scale = 4, int channels = 32, int groups = 4) =>
        Build("carn-m", seed, scale, channels, groups, mobile: true);

    private static Model Build(string name, ulong seed, int scale, int channels, int groups, bool mobile)
    {
        var net = new NetBuilder(name, seed);
        var x = net.Conv(net.MeanShift(net.Input(), "sub_mean", -1, 1), "entry", channels, 3);
        x = Cascade(net, x, (block, b) =>
        {
            using var scope = net.Scope("b", b);
            return Cascade(net, block, (y, r) => Residual(net, y, r, groups, mobile));
        });
        x = net.Conv(net.Upsample(x, scale, relu: true), "exit", 3, 3);
        return net.Output(net.MeanShift(x, "add_mean", 1, 1), scale).Model;
    }

    // Every stage's output is concatenated to all before it and brought back to C channels by a 1×1 convolution.
    private static Value Cascade(NetBuilder net, Value x, Func<Value, int, Value> stage)
    {
        var channels = net.Channels(x);
        var all = x;
        for (var i = 1; i <= Cascades; i++)
        {
            all = net.Concat(all, stage(x, i));
            x = net.ConvRelu(all, FormattableString.Invariant($"c{i}"), channels, 1);
        }

        return x;
    }

    private static Value Residual(NetBuilder net, Value x, int index, int groups, bool mobile)
    {
        var channels = net.Channels(x);
        if (!mobile)
        {
            using var own = net.Scope("r", index);
            return net.Relu(net.ResidualBlock(x));
        }

        using var shared = net.Scope("r", reuse: index > 1);
        var y = net.Relu(net.Conv(x, "conv1", channels, 3, groups: groups));
        y = net.Relu(net.Conv(y, "conv2", channels, 3, groups: groups));
        return net.Relu(net.Add(net.Conv(y, "conv3", channels, 1, gain: Blocks.ResidualGain), x));
    }
}
