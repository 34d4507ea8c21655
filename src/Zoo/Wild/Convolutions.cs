using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Shapes of convolutions: groups, dilation, kernels, strides, padding.</summary>
internal static class Convolutions
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        .. new[] { 2, 4, 8, 16 }.Select(Grouped),
        Entry("conv-depthwise", "Depthwise and pointwise convolutions", net => Around(net, x => Separable(net, x))),
        Entry("conv-depth-multiplier", "A depthwise convolution with two outputs for each channel",
            net => Around(net, x => net.ConvRelu(net.Conv(x, "dw", 2 * Width, 3, groups: Width), "pw", Width, 1))),
        .. new[] { 2, 3, 4, 5 }.Select(Dilated),
        Entry("conv-1x3-3x1", "Convolutions 1x3 and 3x1",
            net => Around(net, x => net.ConvRelu(net.Conv(x, "row", Width, (1, 3)), "column", Width, (3, 1)))),
        Entry("conv-7x7", "A 7x7 and a 5x5 convolution",
            net => Around(net, x => net.ConvRelu(net.ConvRelu(x, "seven", Width, 7), "five", Width, 5))),
        Entry("conv-pointwise", "Nothing but 1x1 convolutions", Pointwise),
        Entry("conv-asymmetric-pads", "A 2x2 convolution padded on two sides only", net => Around(net, x => TwoSided(net, x))),
        Entry("stem-stride-2", "A stride-2 stem, PixelShuffle at the end", net => Stem(net, 3, 2, 1)) with { SizeMultiple = 2 },
        Entry("stem-patches", "A 4x4 stem with stride 4, PixelShuffle at the end", net => Stem(net, 4, 4, 0))
            with { SizeMultiple = 4 },
        Entry("valid-crops", "VALID convolutions; the skip is cropped by a Slice with negative ends", ValidWithCrops)
            with { Outputs = [new(1, -12)], SmallestInput = 13 },
        Entry("valid-chain", "VALID convolutions in a row", Valid) with { Outputs = [new(1, -6)], SmallestInput = 7 },
        Entry("pad-reflect", "Reflect padding before VALID convolutions",
            net => Around(net, x => net.Relu(net.Conv(net.Pad(x, 1), "padded", Width, 3, padding: 0))))
            with { SmallestInput = 2 },
        Entry("pad-constant", "Zero padding before VALID convolutions",
            net => Around(net, x => net.Relu(net.Conv(net.Pad(x, 1, "constant"), "padded", Width, 3, padding: 0)))),
        Entry("split-input", "Split with its sizes as an input", net => Around(net, x => Halves(net, x))),
        Entry("split-attribute", "Split with its sizes as an attribute (opset 11)", net => Around(net, x => Halves(net, x)), 11),
        Entry("split-equal", "Split without sizes", net => Around(net, x => EqualParts(net, x))),
        Entry("split-slices", "Channels taken by Slice instead of Split", net => Around(net, x => SlicedParts(net, x))),
        Entry("narrow", "Two feature channels", Narrow),
        Entry("no-convolution", "An image enlarged and nothing else", net => net.Output(net.Resize(net.Input(), 2, "cubic"), 2))
            with { Outputs = [new(2)] },
    ];

    private static ZooEntry Grouped(int groups) => Entry(
        FormattableString.Invariant($"conv-groups-{groups}"),
        FormattableString.Invariant($"Convolutions with {groups} groups"),
        net => Around(net, x =>
        {
            var wide = net.Relu(net.Conv(x, "g1", 2 * Width, 3, groups: groups));
            return net.Relu(net.Conv(wide, "g2", Width, 3, groups: groups));
        }));

    private static ZooEntry Dilated(int dilation) => Entry(
        FormattableString.Invariant($"conv-dilation-{dilation}"),
        FormattableString.Invariant($"A 3x3 convolution with dilation {dilation}"),
        net => Around(net, x => net.Relu(net.Conv(x, "dilated", Width, 3, dilation: dilation))));

    private static Value Separable(NetBuilder net, Value x)
    {
        for (var i = 0; i < 2; i++)
        {
            using var scope = net.Scope("separable", i);
            x = net.Relu(net.Conv(x, "dw", Width, 3, groups: Width));
            x = net.Relu(net.Conv(x, "pw", Width, 1));
        }

        return x;
    }

    private static NetBuilder Pointwise(NetBuilder net)
    {
        var x = net.ConvRelu(net.ConvRelu(net.Input(), "first", Width, 1), "second", Width, 1);
        return net.Output(net.Conv(x, "last", 3, 1));
    }

    private static Value TwoSided(NetBuilder net, Value x)
    {
        var y = net.Conv(x, "shifted", Width, 2, padding: 0);
        y.Producer!.With("pads", [1, 1, 0, 0]);
        return net.Relu(y);
    }

    private static NetBuilder Stem(NetBuilder net, int kernel, int stride, int padding)
    {
        var x = net.Relu(net.Conv(net.Input(), "stem", Width, kernel, stride: stride, padding: padding));
        x = net.ResidualBlock(x);
        return net.Output(net.PixelShuffle(net.Conv(x, "tail", 3 * stride * stride, 3), stride));
    }

    private static NetBuilder ValidWithCrops(NetBuilder net)
    {
        var x = net.Relu(net.Conv(net.Input(), "head", Width, 3, padding: 0));
        for (var i = 0; i < 2; i++)
        {
            using var block = net.Scope("blocks", i);
            var y = net.Relu(net.Conv(x, "conv1", Width, 3, padding: 0));
            x = net.Add(net.Crop(x, 2), net.Conv(y, "conv2", Width, 3, padding: 0, gain: Blocks.ResidualGain));
        }

        return net.Output(net.Conv(x, "tail", 3, 3, padding: 0), 1, -12);
    }

    private static NetBuilder Valid(NetBuilder net)
    {
        var x = net.Relu(net.Conv(net.Input(), "conv1", Width, 3, padding: 0));
        x = net.Relu(net.Conv(x, "conv2", Width, 3, padding: 0));
        return net.Output(net.Conv(x, "conv3", 3, 3, padding: 0), 1, -6);
    }

    private static Value Halves(NetBuilder net, Value x)
    {
        var parts = net.Split(x, 4, Width - 4);
        return net.Concat(parts[0], net.ConvRelu(parts[1], "part", Width - 4, 3));
    }

    private static Value EqualParts(NetBuilder net, Value x)
    {
        var parts = net.EmitMany(null, "Split", [Width / 2, Width / 2], [x]).With("axis", 1).Outputs;
        return net.Concat(net.ConvRelu(parts[0]!, "part", Width / 2, 3), parts[1]!);
    }

    private static Value SlicedParts(NetBuilder net, Value x)
    {
        var front = net.Slice(x, [1], [0], [4], 4);
        var rest = net.Slice(x, [1], [4], [long.MaxValue], Width - 4);
        return net.Concat(front, net.ConvRelu(rest, "part", Width - 4, 3));
    }

    private static NetBuilder Narrow(NetBuilder net)
    {
        var x = net.ConvRelu(net.ConvRelu(net.Input(), "conv1", 2, 3), "conv2", 2, 3);
        return net.Output(net.Conv(x, "conv3", 3, 3));
    }
}
