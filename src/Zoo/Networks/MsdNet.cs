using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>
/// A network like MSDNet (Huang et al., "Multi-Scale Dense Networks for Resource Efficient Image Classification", 2018).
/// </summary>
public static class MsdNet
{
    /// <summary>
    /// A dense grid: each layer at each scale reads all earlier features of its scale, and through a stride-2 convolution those
    /// of the next finer one; all scales are enlarged and concatenated at the end, where the paper has classifiers. Height and
    /// width are multiples of <c>2^(scales-1)</c>.
    /// </summary>
    public static Model Create(ulong seed, int scales = 3, int layers = 3, int channels = 16, int growth = 8)
    {
        var net = new NetBuilder("msdnet", seed);
        var grid = new Value[scales];
        grid[0] = net.ConvRelu(net.Input(), "stem.0", channels, 3);
        for (var s = 1; s < scales; s++)
            grid[s] = net.ConvRelu(grid[s - 1], FormattableString.Invariant($"stem.{s}"), channels, 3, stride: 2);
        for (var layer = 0; layer < layers; layer++)
        {
            using var scope = net.Scope("layers", layer);
            grid = Step(net, grid, growth);
        }

        var merged = net.Concat([.. grid.Select((x, s) => s == 0 ? x : net.Resize(x, 1 << s))]);
        return net.Output(net.Conv(net.ConvRelu(merged, "merge", 2 * channels, 1), "last", 3, 3)).Model;
    }

    private static Value[] Step(NetBuilder net, Value[] grid, int growth)
    {
        var next = new Value[grid.Length];
        for (var s = 0; s < grid.Length; s++)
        {
            using var scope = net.Scope("scale", s);
            List<Value> made = [grid[s], net.ConvRelu(grid[s], "same", growth, 3)];
            if (s > 0)
                made.Add(net.ConvRelu(grid[s - 1], "finer", growth, 3, stride: 2));
            next[s] = net.Concat(made);
        }

        return next;
    }
}
