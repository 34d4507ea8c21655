using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>The forms of Resize.</summary>
internal static class Resizing
{
    private static readonly float[] Doubled = [1, 1, 2, 2];

    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("resize-like-slice", "Pooled features resized to the size of others, sizes through Shape, Slice and Concat",
            net => Around(net, x => net.Add(x, net.ResizeLike(Pooled(net, x), x)))) with { SmallestInput = 3 },
        Entry("resize-like-gather", "The same through Shape, Gather, Unsqueeze, Concat and Cast",
            net => Around(net, x => net.Add(x, LikeByGather(net, Pooled(net, x), x)))) with { SmallestInput = 3 },
        Entry("resize-sizes-computed", "Sizes as twice the present ones: Shape, Gather, Cast, Mul, Floor, Cast, Concat",
            net => Around(net, x => ComputedSizes(net, x), 2)) with { Outputs = [new(2)] },
        Entry("resize-sizes-constant", "Sizes as a constant; static input",
            net => Around(net, x => net.ResizeTo(x, net.Integers(1, Width, 32, 32)), 2, Fixed(net, 16)))
            with { Outputs = [new(2)], StaticSide = 16 },
        Entry("resize-scales-constant", "Scales in a Constant node", net => Around(net, x => net.Resize(x, 2), 2))
            with { Outputs = [new(2)] },
        Entry("resize-scales-initializer", "Scales in an initializer", net => Around(net, x => FromInitializer(net, x), 2))
            with { Outputs = [new(2)] },
        Entry("resize-scales-input", "Scales as a graph input", FromInput) with { Outputs = [new(2)] },
        Entry("resize-linear", "Linear Resize by 2", net => Around(net, x => net.Resize(x, 2, "linear"), 2))
            with { Outputs = [new(2)] },
        Entry("resize-align-corners", "Linear Resize by 2 with aligned corners",
            net => Around(net, x => AlignedCorners(net, x), 2))
            with { Outputs = [new(2)] },
        Entry("resize-cubic", "Cubic Resize by 2", net => Around(net, x => net.Resize(x, 2, "cubic"), 2))
            with { Outputs = [new(2)] },
        Entry("resize-nearest-3", "Nearest Resize by 3", net => Around(net, x => net.Resize(x, 3), 3))
            with { Outputs = [new(3)] },
        Entry("resize-half", "Linear Resize by 0.5, convolution, Resize by 2", net => Around(net, x => HalfAndBack(net, x)))
            with { SizeMultiple = 2 },
        Entry("resize-global-skip", "The image enlarged (cubic) and added to the result", GlobalSkip) with { Outputs = [new(2)] },
    ];

    public static Value Fixed(NetBuilder net, int side, int batch = 1) => net.Input(Shape.Known(batch, 3, side, side));

    private static Value Pooled(NetBuilder net, Value x) => net.ConvRelu(net.MaxPool(x, 3, 2), "pooled", Width, 3);

    private static Value LikeByGather(NetBuilder net, Value x, Value reference)
    {
        Value Side(long axis) => net.Unsqueeze(net.Gather(net.ShapeOf(reference), Index(net, axis)), 0);
        var size = net.Cast(net.ConcatVectors(Side(2), Side(3)), ElementType.Int64);
        var head = net.Slice(net.ShapeOf(x), [0], [0], [2]);
        return net.ResizeTo(x, net.ConcatVectors(head, size), "linear");
    }

    private static Value ComputedSizes(NetBuilder net, Value x)
    {
        Value Side(long axis)
        {
            var side = net.Cast(net.Gather(net.ShapeOf(x), Index(net, axis)), ElementType.Float);
            var twice = net.Unary("Floor", net.Mul(side, net.Constant(TensorData.Of([2f]))));
            return net.Unsqueeze(net.Cast(twice, ElementType.Int64), 0);
        }

        var head = net.Slice(net.ShapeOf(x), [0], [0], [2]);
        return net.ResizeTo(x, net.ConcatVectors(head, Side(2), Side(3)));
    }

    private static Value Index(NetBuilder net, long axis) => net.Constant(TensorData.Of([axis]));

    private static Value FromInitializer(NetBuilder net, Value x)
    {
        net.ConstantNodes = false;
        return net.Resize(x, net.Constant(TensorData.Of(Doubled, 4)), "nearest");
    }

    private static NetBuilder FromInput(NetBuilder net)
    {
        var image = net.Input();
        var scales = net.Input(Shape.Known(4), "scales", ElementType.Float);
        return Around(net, x => net.Resize(x, scales, "nearest"), 0, image);
    }

    private static Value AlignedCorners(NetBuilder net, Value x)
    {
        var y = net.Resize(x, 2, "linear");
        y.Producer!.With("coordinate_transformation_mode", "align_corners");
        return y;
    }

    private static Value HalfAndBack(NetBuilder net, Value x) =>
        net.Resize(net.ConvRelu(net.Resize(x, 0.5f, "linear"), "coarse", Width, 3), 2);

    private static NetBuilder GlobalSkip(NetBuilder net)
    {
        var image = net.Input();
        var x = net.ResidualBlock(net.ConvRelu(image, "head", Width, 3));
        x = net.PixelShuffle(net.Conv(x, "tail", 12, 3), 2);
        return net.Output(net.Add(x, net.Resize(image, 2, "cubic")), 2);
    }
}
