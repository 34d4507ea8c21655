using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>A pooling pyramid (Zhao et al., "Pyramid Scene Parsing Network", 2017) for restoration.</summary>
public static class Psp
{
    /// <summary>
    /// Features average-pooled by 2, 4 and 8, each reduced by a 1×1 convolution and resized (linear) to the features' own size as
    /// the graph computes it, all concatenated. Takes any size of 8 pixels a side or more.
    /// </summary>
    public static Model Create(ulong seed, int blocks = 2, int channels = 32)
    {
        var net = new NetBuilder("psp", seed);
        var x = net.ConvRelu(net.Input(), "head", channels, 3);
        for (var i = 0; i < blocks; i++)
        {
            using var block = net.Scope("body", i);
            x = net.Relu(net.ResidualBlock(x));
        }

        List<Value> pyramid = [x];
        for (var pool = 2; pool <= 8; pool *= 2)
        {
            var reduced = net.Conv(net.AveragePool(x, pool, pool), FormattableString.Invariant($"ppm.{pool}"), channels / 4, 1);
            pyramid.Add(net.ResizeLike(net.Relu(reduced), x));
        }

        var merged = net.ConvRelu(net.Concat(pyramid), "bottleneck", channels, 3);
        return net.Output(net.Conv(merged, "last", 3, 3)).Model;
    }
}
