using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>A multigrid network (Ke et al., "Multigrid Neural Architectures", 2017).</summary>
public static class Multigrid
{
    /// <summary>
    /// A pyramid in which each layer's grid reads its own scale, the finer one max-pooled and the coarser one enlarged (nearest),
    /// concatenated into one convolution. Height and width are multiples of <c>2^(grids-1)</c>.
    /// </summary>
    public static Model Create(ulong seed, int grids = 3, int layers = 3, int channels = 16)
    {
        var net = new NetBuilder("multigrid", seed);
        var image = net.Input();
        var x = new Value[grids];
        x[0] = net.ConvRelu(image, "stem.0", channels, 3);
        for (var g = 1; g < grids; g++)
            x[g] = net.ConvRelu(net.AveragePool(image, 1 << g, 1 << g), FormattableString.Invariant($"stem.{g}"), channels, 3);
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = net.Scope("layers", layer);
            Value[] next = [.. Enumerable.Range(0, grids).Select(g => Grid(net, x, g, channels))];
            x = next;
        }

        return net.Output(net.Conv(x[0], "last", 3, 3)).Model;
    }

    private static Value Grid(NetBuilder net, Value[] x, int g, int channels)
    {
        List<Value> seen = [x[g]];
        if (g > 0)
            seen.Add(net.MaxPool(x[g - 1], 2, 2));
        if (g < x.Length - 1)
            seen.Add(net.Resize(x[g + 1], 2));
        return net.ConvRelu(net.Concat(seen), FormattableString.Invariant($"grid.{g}"), channels, 3);
    }
}
