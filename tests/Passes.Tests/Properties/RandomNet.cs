using CsCheck;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;

namespace MsSrConvert.Passes.Tests.Properties;

/// <summary>A part of a random network; all keep the number of channels, and the shuffles enlarge.</summary>
internal enum Block
{
    Residual,
    Dense,
    ChannelAttention,
    PixelAttention,
    Pooled,
    Strided,
    Normalised,
    Depthwise,
    Distilled,
    Shuffle,
    ShuffleDepthFirst,
    Transposed,
    Grouped,
    Sliced,
    Unpadded,
    Margin,
    Unsupported,
    ImageAgain,

    // Of these the reference implementation knows nothing; the identity oracle does.
    LightStrided,
    JoinedRows,
    Mirrored,
    EveryOther,
    Choice,
    MapNormalised,
    MeanRemoved,
    CornersAligned,
    RootBehindSum,
    SharedScalar,
    OnePixel,
    ConstantSize,
}

/// <summary>A random small network and a way to convert and run it.</summary>
/// <param name="Channels">Channels of the features.</param>
/// <param name="Blocks">What stands between the first and the last conv.</param>
/// <param name="Options">How to convert.</param>
/// <param name="Height">The image's height, in pixels.</param>
/// <param name="Width">Its width.</param>
/// <param name="IsStatic">True for a network that takes images of this size only.</param>
internal sealed partial record RandomNet(
    int Channels, IReadOnlyList<Block> Blocks, ConversionOptions Options, int Height, int Width, bool IsStatic = false)
{
    // Below this, windows of nested downscales or reflected margins don't fit into the source itself.
    private const int SmallestSide = 12;

    /// <summary>
    /// Networks of blocks that the reference implementation can follow without being told how channels are partitioned.
    /// </summary>
    public static Gen<RandomNet> Simple { get; } =
        Of([Block.Residual, Block.Dense, Block.ChannelAttention, Block.PixelAttention, Block.Pooled,
        Block.Normalised, Block.Depthwise, Block.Transposed, Block.ImageAgain, Block.Unsupported]);

    /// <summary>Networks of all blocks that look at a neighbourhood only.</summary>
    public static Gen<RandomNet> Any { get; } = Of(Enum.GetValues<Block>().Where(b => b < Block.LightStrided).ToArray());

    /// <summary>Networks of all blocks, with those that make it matter where a map ends.</summary>
    public static Gen<RandomNet> Wide { get; } = Of(Enum.GetValues<Block>());

    /// <summary>Builds the network; the same every time.</summary>
    public Model Build() => TinyGraphs.Of(Input, (net, image) =>
    {
        var x = net.Conv(image, "head", Channels, 3);
        var (height, width) = (Height, Width);
        for (var i = 0; i < Blocks.Count; i++)
        {
            using var scope = net.Scope("body", i);
            x = Add(net, Blocks[i], x, image, (height, width));
            (height, width) = After(Blocks[i], height, width);
        }

        return net.Conv(x, "tail", 3, 3);
    });

    private Shape Input =>
        IsStatic ? Shape.Known(1, 3, Height, Width) : new Shape(Dim.Of("batch"), 3, Dim.Of("height"), Dim.Of("width"));

    private static (int Height, int Width) After(Block block, int height, int width) => block switch
    {
        Block.Shuffle or Block.ShuffleDepthFirst or Block.Transposed => (2 * height, 2 * width),
        Block.Unpadded => (height - 2, width - 2),
        _ => (height, width),
    };

    /// <summary>The network in one line, for messages.</summary>
    public override string ToString() =>
        $"{Channels} channels, [{string.Join(", ", Blocks)}], {Options.Branches} branches {Options.Interaction}, "
        + $"align {Options.ChannelAlign}, {Height}x{Width}{(IsStatic ? " only" : "")}";

    private static Gen<RandomNet> Of(Block[] blocks) =>
        Gen.Select(Gen.Int[5, 14], Gen.OneOf(blocks).List[1, 4], Gen.Int[2, 4], Gen.Enum<Interaction>(), Gen.Int[1, 4],
            Gen.Int[SmallestSide, 24], Gen.Int[SmallestSide, 24],
            (channels, parts, branches, interaction, align, height, width) => new RandomNet(channels, Limit(parts),
                new ConversionOptions { Branches = branches, Interaction = interaction, ChannelAlign = align == 4 ? 4 : 1 },
                height, width,
                parts.Any(NeedsOneSize)));

    // Two enlargements are enough, and an image can only join features of its own size.
    private static List<Block> Limit(List<Block> blocks)
    {
        var enlarged = 0;
        return [.. blocks.Where(b => b switch
        {
            Block.Shuffle or Block.ShuffleDepthFirst or Block.Transposed => ++enlarged <= 2,
            Block.ImageAgain => enlarged == 0 && !blocks.Contains(Block.Unpadded),
            _ => true,
        })];
    }

    private static Value Add(NetBuilder net, Block block, Value x, Value image, (int Height, int Width) size)
    {
        var c = net.Channels(x);
        switch (block)
        {
            case Block.Residual:
                return net.Add(x, net.Conv(net.Relu(net.Conv(x, "a", c, 3)), "b", c, 3));
            case Block.Dense:
                return net.Conv(net.Concat(x, net.LeakyRelu(net.Conv(x, "a", c + 3, 3))), "b", c, 1);
            case Block.ChannelAttention:
                return net.Mul(x, net.Sigmoid(net.Conv(net.Relu(net.Conv(net.GlobalAveragePool(x), "a", 3, 1)), "b", c, 1)));
            case Block.PixelAttention:
                return net.Mul(net.Conv(x, "a", c, 3), net.Sigmoid(net.Conv(x, "b", 1, 3)));
            case Block.Pooled:
                return net.ResizeLike(net.Conv(net.MaxPool(x, 2, 2), "a", c, 3), x, "nearest");
            case Block.Strided:
                return net.Add(x, net.ResizeLike(net.Conv(x, "a", c, 3, stride: 2), x));
            case Block.Normalised:
                return net.PRelu(net.BatchNorm(net.Relu(net.Conv(x, "a", c, 3)), "norm"), "act");
            case Block.Depthwise:
                return net.Conv(net.Relu(net.Conv(x, "a", c, 3, groups: c)), "b", c, 1);
            case >= Block.LightStrided:
                return AddWide(net, block, x, image, size);
            default:
                return AddCoupled(net, block, x, image);
        }
    }

    private static Value AddCoupled(NetBuilder net, Block block, Value x, Value image)
    {
        var c = net.Channels(x);
        switch (block)
        {
            case Block.Distilled:
                var parts = net.Split(net.Conv(x, "a", c + 6, 3), 6, c);
                return net.Conv(net.Concat(net.Relu(parts[0]), net.Conv(parts[1], "b", c, 3)), "c", c, 1);
            case Block.Shuffle:
                return net.PRelu(net.PixelShuffle(net.Conv(x, "a", 4 * c, 3), 2), "act");
            case Block.ShuffleDepthFirst:
                return net.Relu(net.PixelShuffle(net.Conv(x, "a", 4 * c, 3), 2, "DCR"));
            case Block.Transposed:
                return net.ConvTranspose(x, "a", c, 4, 2, 1);
            case Block.Grouped:
                var groups = new[] { 4, 3, 2, 1 }.First(g => c % g == 0);
                return net.Add(x, net.Conv(x, "a", c, 3, groups: groups));
            case Block.Sliced:
                return net.Conv(net.Slice(x, [1], [0], [c / 2], c / 2), "a", c, 3);
            case Block.Unpadded:
                return net.Relu(net.Conv(x, "a", c, 3, padding: 0));
            case Block.Margin:
                return net.Conv(net.Pad(x, 1), "a", c, 3, padding: 0);
            case Block.ImageAgain:
                return net.Conv(net.Concat(x, image), "a", c, 3);
            default:
                return net.Conv(net.Softmax(x, 1), "a", c, 3);
        }
    }
}
