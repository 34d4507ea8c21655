using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Transposed convolutions and PixelShuffle.</summary>
internal static class Enlarging
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        Transposed("convtranspose-k9", "ConvTranspose 9x9 stride 2, output padding 1", 2, 9, 4, 1),
        Transposed("convtranspose-k9-s4", "ConvTranspose 9x9 stride 4, output padding 3", 4, 9, 4, 3),
        Transposed("convtranspose-k4", "ConvTranspose 4x4 stride 2", 2, 4, 1, 0),
        Transposed("convtranspose-k3", "ConvTranspose 3x3 stride 2, output padding 1", 2, 3, 1, 1),
        Transposed("convtranspose-k2", "ConvTranspose 2x2 stride 2", 2, 2, 0, 0),
        Transposed("convtranspose-depthwise", "ConvTranspose 4x4 stride 2 with a group for each channel", 2, 4, 1, 0, Width),
        Transposed("convtranspose-grouped", "ConvTranspose 4x4 stride 2 with 4 groups", 2, 4, 1, 0, 4),
        .. new[] { "CRD", "DCR" }.SelectMany(mode => new[] { 2, 3, 4, 8 }, DepthToSpace),
        Entry("shuffle-inner", "DepthToSpace CRD with features on both sides",
            net => Around(net, x => net.PixelShuffle(net.Conv(x, "up", 4 * Width, 3), 2), 2)) with { Outputs = [new(2)] },
        Entry("shuffle-inner-dcr", "DepthToSpace DCR with features on both sides",
            net => Around(net, x => net.PixelShuffle(net.Conv(x, "up", 4 * Width, 3), 2, "DCR"), 2)) with { Outputs = [new(2)] },
        Entry("space-to-depth", "SpaceToDepth, convolution, DepthToSpace", net => Around(net, x => DownAndUp(net, x)))
            with { SizeMultiple = 2 },
        Entry("shuffle-reshape-static", "PixelShuffle as Reshape, Transpose, Reshape with constant shapes; static input",
            net => StaticShuffle(net, 16, 3), 10) with { Outputs = [new(3)], StaticSide = 16 },
        Entry("shuffle-reshape-dynamic", "PixelShuffle as Reshape, Transpose, Reshape with shapes computed in the graph",
            DynamicShuffle, 10) with { Outputs = [new(2)] },
        Entry("shuffle-reshape-inner", "The same with features on both sides",
            net => Around(net, x => Shuffle(net, net.Conv(x, "up", 4 * Width, 3), 2), 2)) with { Outputs = [new(2)] },
        Entry("unshuffle-reshape", "Pixel-unshuffle of the image as Reshape, Transpose, Reshape, shapes computed in the graph",
            Unshuffled) with { SizeMultiple = 2 },
    ];

    private static ZooEntry Transposed(string name, string description, int scale, int kernel, int padding, int outputPadding,
        int groups = 1) =>
        Entry(name, description, net =>
        {
            Value Up(Value x) => net.ConvTranspose(x, "up", Width, kernel, scale, padding, outputPadding, groups);
            return Around(net, x => net.Relu(Up(x)), scale);
        }) with
        { Outputs = [new(scale)] };

    private static ZooEntry DepthToSpace(string mode, int block) =>
        Entry(FormattableString.Invariant($"shuffle-{mode.ToLowerInvariant()}-{block}"),
            FormattableString.Invariant($"DepthToSpace {mode} with block {block} at the end"),
            net =>
            {
                var x = net.ResidualBlock(net.ConvRelu(net.Input(), "head", Width, 3));
                return net.Output(net.PixelShuffle(net.Conv(x, "tail", 3 * block * block, 3), block, mode), block);
            }) with
        { Outputs = [new(block)] };

    private static Value DownAndUp(NetBuilder net, Value x)
    {
        var coarse = net.ConvRelu(net.SpaceToDepth(x, 2), "coarse", 2 * Width, 3);
        return net.PixelShuffle(net.Conv(coarse, "up", 4 * Width, 3), 2, "DCR");
    }

    private static NetBuilder StaticShuffle(NetBuilder net, int side, int factor)
    {
        var x = net.ResidualBlock(net.ConvRelu(Resizing.Fixed(net, side), "head", Width, 3));
        x = net.Conv(x, "tail", 3 * factor * factor, 3);
        x = net.Reshape(x, 0, 1, 3, factor, factor, side, side);
        x = net.Transpose(x, 0, 0, 1, 4, 2, 5, 3);
        return net.Output(net.Reshape(x, 3, 1, 3, side * factor, side * factor), factor);
    }

    private static NetBuilder DynamicShuffle(NetBuilder net)
    {
        var x = net.ResidualBlock(net.ConvRelu(net.Input(), "head", Width, 3));
        return net.Output(Shuffle(net, net.Conv(x, "tail", 12, 3), 2), 2);
    }

    private static Value Shuffle(NetBuilder net, Value x, int factor)
    {
        var channels = net.Channels(x) / (factor * factor);
        var (batch, height, width) = (Side(net, x, 0), Side(net, x, 2), Side(net, x, 3));
        var split = net.ConcatVectors(batch, net.Integers(channels, factor, factor), height, width);
        var joined = net.ConcatVectors(batch, net.Integers(channels), Times(net, height, factor), Times(net, width, factor));
        x = net.Transpose(net.Reshape(x, 0, split), 0, 0, 1, 4, 2, 5, 3);
        return net.Reshape(x, channels, joined);
    }

    private static NetBuilder Unshuffled(NetBuilder net)
    {
        var image = net.Input();
        var (batch, height, width) = (Side(net, image, 0), Side(net, image, 2), Side(net, image, 3));
        var (halfHeight, halfWidth) = (Halved(net, height), Halved(net, width));
        var two = net.Integers(2);
        var split = net.ConcatVectors(batch, net.Integers(3), halfHeight, two, halfWidth, two);
        var x = net.Transpose(net.Reshape(image, 0, split), 0, 0, 1, 3, 5, 2, 4);
        x = net.Reshape(x, 12, net.ConcatVectors(batch, net.Integers(12), halfHeight, halfWidth));
        x = net.ResidualBlock(net.ConvRelu(x, "head", Width, 3));
        return net.Output(net.PixelShuffle(net.Conv(x, "tail", 12, 3), 2));
    }

    private static Value Side(NetBuilder net, Value x, long axis)
    {
        var side = net.Gather(net.ShapeOf(x), net.Constant(TensorData.Of([axis])));
        return net.Unsqueeze(side, 0);
    }

    private static Value Times(NetBuilder net, Value side, long factor) => net.Mul(side, net.Integers(factor));

    private static Value Halved(NetBuilder net, Value side) => net.Div(side, net.Integers(2));
}
