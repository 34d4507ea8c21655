using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>IMDN (Hui et al., "Lightweight Image Super-Resolution with Information Multi-Distillation Network", 2019).</summary>
public static class Imdn
{
    /// <summary>
    /// Blocks that split a quarter of the channels off after each of three convolutions, contrast-aware attention, a fusion of
    /// all blocks. The paper has 6 blocks of 64 channels.
    /// </summary>
    public static Model Create(ulong seed, int scale = 4, int blocks = 2, int channels = 32)
    {
        var net = new NetBuilder("imdn", seed);
        var head = net.Conv(net.Input(), "fea_conv", channels, 3);
        var x = head;
        List<Value> outputs = [];
        for (var i = 1; i <= blocks; i++)
        {
            using var block = net.Scope(FormattableString.Invariant($"IMDB{i}"));
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
        var kept = channels / 4;
        var rest = input;
        List<Value> distilled = [];
        for (var i = 1; i <= 3; i++)
        {
            var features = net.ConvLeaky(rest, FormattableString.Invariant($"c{i}"), channels, 3, 0.05f);
            var parts = net.Split(features, kept, channels - kept);
            distilled.Add(parts[0]);
            rest = parts[1];
        }

        distilled.Add(net.Conv(rest, "c4", kept, 3));
        using (net.Scope("cca"))
            rest = net.ContrastAttention(net.Concat(distilled), 16);
        return net.Add(net.Conv(rest, "c5", channels, 1), input);
    }
}
