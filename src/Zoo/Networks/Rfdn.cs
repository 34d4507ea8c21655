using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>RFDN (Liu et al., "Residual Feature Distillation Network for Lightweight Image Super-Resolution", 2020).</summary>
public static class Rfdn
{
    /// <summary>
    /// Distillation by 1×1 convolutions beside shallow residual blocks, then enhanced spatial attention. The paper has 4 blocks
    /// of 50 channels.
    /// </summary>
    public static Model Create(ulong seed, int scale = 4, int blocks = 2, int channels = 32)
    {
        var net = new NetBuilder("rfdn", seed);
        var head = net.Conv(net.Input(), "fea_conv", channels, 3);
        var x = head;
        List<Value> outputs = [];
        for (var i = 1; i <= blocks; i++)
        {
            using var block = net.Scope(FormattableString.Invariant($"B{i}"));
            outputs.Add(x = Distil(net, x));
        }

        x = net.ConvLeaky(net.Concat(outputs), "c", channels, 1, 0.05f);
        x = net.Add(net.Conv(x, "LR_conv", channels, 3), head);
        x = net.Conv(x, "upsampler", 3 * scale * scale, 3);
        return net.Output(net.PixelShuffle(x, scale), scale).Model;
    }

    private static Value Distil(NetBuilder net, Value input)
    {
        var channels = net.Channels(input);
        var rest = input;
        List<Value> distilled = [];
        for (var i = 1; i <= 3; i++)
        {
            distilled.Add(net.ConvLeaky(rest, FormattableString.Invariant($"c{i}_d"), channels / 2, 1, 0.05f));
            var y = net.Conv(rest, FormattableString.Invariant($"c{i}_r"), channels, 3);
            rest = net.LeakyRelu(net.Add(y, rest), 0.05f);
        }

        distilled.Add(net.ConvLeaky(rest, "c4", channels / 2, 3, 0.05f));
        return net.SpatialAttention(net.Conv(net.Concat(distilled), "c5", channels, 1), channels / 4, 3);
    }
}
