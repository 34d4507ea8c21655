using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo.Networks;

/// <summary>The networks of waifu2x (nagadomi, 2015 and 2018): no padding anywhere, so that sides shrink.</summary>
public static class Waifu2x
{
    private const float Slope = 0.1f;

    /// <summary>
    /// "upconv_7": six 3×3 convolutions and a transposed 4×4; sides become <c>2 * side - 28</c>. The original is 8 times as wide.
    /// </summary>
    public static Model Create(ulong seed, int width = 4)
    {
        var net = new NetBuilder("waifu2x", seed);
        var x = net.Input();
        int[] channels = [4 * width, 4 * width, 8 * width, 16 * width, 16 * width, 32 * width];
        for (var i = 0; i < channels.Length; i++)
            x = Valid(net, x, FormattableString.Invariant($"conv{i}"), channels[i]);
        return net.Output(net.ConvTranspose(x, "last", 3, 4, 2, 3), 2, -28).Model;
    }

    /// <summary>
    /// "upcunet": two U-Nets with squeeze-and-excitation, skips cropped to meet and added; sides become <c>2 * side - 72</c>, for
    /// even sides from 38 up. The original is 4 times as wide.
    /// </summary>
    public static Model CreateWithAttention(ulong seed, int width = 8)
    {
        var net = new NetBuilder("waifu2x-se", seed);
        var x = net.Input();
        using (net.Scope("unet1"))
            x = First(net, x, width);
        using (net.Scope("unet2"))
            x = net.Add(Second(net, x, width), net.Crop(x, 20));
        return net.Output(net.Clip(x, 0, 1), 2, -72).Model;
    }

    private static Value First(NetBuilder net, Value x, int width)
    {
        var fine = Pair(net, x, "conv1", width, 2 * width, false);
        var coarse = Pair(net, Down(net, fine, "conv1_down"), "conv2", 4 * width, 2 * width, true);
        coarse = Up(net, coarse, "conv2_up", 2 * width);
        var joined = Valid(net, net.Add(net.Crop(fine, 4), coarse), "conv3", 2 * width);
        return net.ConvTranspose(joined, "conv_bottom", 3, 4, 2, 3);
    }

    private static Value Second(NetBuilder net, Value x, int width)
    {
        var fine = Pair(net, x, "conv1", width, 2 * width, false);
        var middle = Pair(net, Down(net, fine, "conv1_down"), "conv2", 2 * width, 4 * width, true);
        var coarse = Pair(net, Down(net, middle, "conv2_down"), "conv3", 8 * width, 4 * width, true);
        coarse = Up(net, coarse, "conv3_up", 4 * width);
        middle = Pair(net, net.Add(net.Crop(middle, 4), coarse), "conv4", 2 * width, 2 * width, true);
        middle = Up(net, middle, "conv4_up", 2 * width);
        var joined = Valid(net, net.Add(net.Crop(fine, 16), middle), "conv5", 2 * width);
        return net.Conv(joined, "conv_bottom", 3, 3, padding: 0);
    }

    private static Value Pair(NetBuilder net, Value x, string name, int between, int channels, bool attention)
    {
        using var scope = net.Scope(name);
        x = Valid(net, Valid(net, x, "conv.0", between), "conv.2", channels);
        return attention ? net.ChannelAttention(x, 8) : x;
    }

    private static Value Valid(NetBuilder net, Value x, string layer, int channels) =>
        net.LeakyRelu(net.Conv(x, layer, channels, 3, padding: 0), Slope);

    private static Value Down(NetBuilder net, Value x, string layer) =>
        net.LeakyRelu(net.Conv(x, layer, net.Channels(x), 2, stride: 2, padding: 0), Slope);

    private static Value Up(NetBuilder net, Value x, string layer, int channels) =>
        net.LeakyRelu(net.ConvTranspose(x, layer, channels, 2, 2, 0), Slope);
}
