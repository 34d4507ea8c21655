using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>A network like HRNet (Sun et al., "Deep High-Resolution Representation Learning", 2019).</summary>
public static class HrNet
{
    /// <summary>
    /// Parallel scales of <c>C, 2C, 4C</c> channels, each with a residual block, exchanged after every stage: stride-2
    /// convolutions down, 1×1 convolutions and nearest Resize up, sums. Height and width are multiples of <c>2^(scales-1)</c>.
    /// </summary>
    public static Model Create(ulong seed, int scales = 3, int stages = 2, int channels = 16)
    {
        var net = new NetBuilder("hrnet", seed);
        var x = new Value[scales];
        x[0] = net.ConvRelu(net.Input(), "stem", channels, 3);
        for (var s = 1; s < scales; s++)
            x[s] = net.ConvRelu(x[s - 1], FormattableString.Invariant($"transition.{s}"), channels << s, 3, stride: 2);
        for (var stage = 0; stage < stages; stage++)
        {
            using var scope = net.Scope("stages", stage);
            for (var s = 0; s < scales; s++)
            {
                using var branch = net.Scope("branches", s);
                x[s] = net.Relu(net.ResidualBlock(x[s]));
            }

            Value[] mixed = [.. Enumerable.Range(0, scales).Select(to => Exchange(net, x, to))];
            x = mixed;
        }

        var all = net.Concat([.. x.Select((v, s) => s == 0 ? v : net.Resize(v, 1 << s))]);
        return net.Output(net.Conv(net.ConvRelu(all, "merge", 2 * channels, 1), "last", 3, 3)).Model;
    }

    private static Value Exchange(NetBuilder net, Value[] x, int to)
    {
        var sum = x[to];
        for (var from = 0; from < x.Length; from++)
        {
            if (from == to)
                continue;
            using var fuse = net.Scope(FormattableString.Invariant($"fuse.{to}.{from}"));
            sum = net.Add(sum, from < to ? Down(net, x[from], to - from) : Up(net, x[from], from - to));
        }

        return net.Relu(sum);
    }

    private static Value Up(NetBuilder net, Value x, int steps) =>
        net.Resize(net.Conv(x, "conv", net.Channels(x) >> steps, 1, gain: 0.5), 1 << steps);

    private static Value Down(NetBuilder net, Value x, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            x = net.Conv(x, FormattableString.Invariant($"{i}"), 2 * net.Channels(x), 3, stride: 2, gain: 0.5);
            x = i < steps - 1 ? net.Relu(x) : x;
        }

        return x;
    }
}
