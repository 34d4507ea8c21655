using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>How exporters from PyTorch, old and new, write what PyTorch says in one word.</summary>
internal static class TorchForms
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("gate-sums", "Channel attention through a sum over the columns, one over the rows, and a division by their number",
            net => Around(net, x => SumGate(net, x))),
        Entry("gate-expand", "Channel attention whose gate is expanded to the size of the features",
            net => Around(net, x => ExpandedGate(net, x))),
        Entry("zero-state", "A state of zeros, made at run time, concatenated with the features",
            net => Around(net, x => ZeroState(net, x))),
        Entry("linear", "A linear layer over the channels between two Transposes", net => Around(net, x => Linear(net, x))),
        Entry("chunk", "Features cut in two by Slices whose ends are computed from their shape",
            net => Around(net, x => Chunk(net, x))),
        Entry("computed-pads",
            "A reflecting pad whose pads are put together by ConstantOfShape, Concat, Reshape, Slice, Transpose and Cast",
            net => Around(net, x => Padded(net, x)), 13) with { SmallestInput = 2 },
        Entry("reshaped-shuffle", "A pixel shuffle between Reshapes to the shape that is there already",
            net => Around(net, x => Shuffle(net, x), 2), 18) with { Outputs = [new(2)] },
        Entry("shape-parts", "An enlargement to sizes that Shape nodes with start and end give",
            net => Around(net, x => Enlarged(net, x), 2), 18) with { Outputs = [new(2)] },
    ];

    private static Value SumGate(NetBuilder net, Value x)
    {
        var sum = net.Reduce("ReduceSum", net.Reduce("ReduceSum", x, 3), 2);
        var shape = net.ShapeOf(x);
        var pixels = net.Mul(net.Slice(shape, [0], [2], [3]), net.Slice(shape, [0], [3], [4]));
        var mean = net.Div(sum, net.Cast(pixels, ElementType.Float));
        return net.Mul(x, net.Sigmoid(net.Conv(net.Relu(net.Conv(mean, "gate.0", 4, 1)), "gate.1", Width, 1)));
    }

    private static Value ExpandedGate(NetBuilder net, Value x)
    {
        var gate = net.Sigmoid(net.Conv(net.GlobalAveragePool(x), "gate", Width, 1));
        return net.Mul(x, net.Emit("Expand", Width, gate, net.ShapeOf(x)).Output);
    }

    private static Value ZeroState(NetBuilder net, Value x)
    {
        var state = net.Emit("ConstantOfShape", Width, net.ShapeOf(x)).Output;
        return net.Add(net.ConvRelu(net.Concat(x, state), "gates", Width, 3), state);
    }

    private static Value Linear(NetBuilder net, Value x)
    {
        var turned = net.Transpose(x, Width, 0, 2, 3, 1);
        var product = net.Emit("MatMul", Width, turned, net.NormalParameter("linear.weight", 0.2, Width, Width)).Output;
        return net.Relu(
            net.Transpose(net.Add(product, net.UniformParameter("linear.bias", -0.05, 0.05, Width)), Width, 0, 3, 1, 2));
    }

    private static Value Chunk(NetBuilder net, Value x)
    {
        var half = net.Div(net.Slice(net.ShapeOf(x), [0], [1], [2]), net.Integers(2));
        Value Part(Value start, Value end) => net.Emit("Slice", Width / 2, x, start, end, net.Integers(1)).Output;
        return net.Concat(net.Relu(Part(half, net.Integers(long.MaxValue))), Part(net.Integers(0), half));
    }

    private static Value Padded(NetBuilder net, Value x)
    {
        var zeros = net.Emit("ConstantOfShape", 0, net.Integers(4)).With("value",
            new TensorAttribute(TensorData.Of([0L], 1))).Output;
        var pairs = net.Reshape(net.ConcatVectors(net.Integers(1, 1, 1, 1), zeros), 0, -1, 2);
        var turned = net.Emit("Slice", 0, pairs, net.Integers(-1), net.Integers(long.MinValue), net.Integers(0),
            net.Integers(-1)).Output;
        var pads = net.Cast(net.Reshape(net.Transpose(turned, 0, 1, 0), 0, -1), ElementType.Int64);
        return net.Relu(
            net.Conv(net.Emit("Pad", Width, x, pads).With("mode", "reflect").Output, "reflected", Width, 3, padding: 0));
    }

    private static Value Shuffle(NetBuilder net, Value x)
    {
        var y = net.Conv(x, "up", 4 * Width, 3);
        var shape = net.ShapeOf(y);
        var wide = net.PixelShuffle(
            net.Reshape(y, 4 * Width, net.ConcatVectors(net.Integers(-1), net.Slice(shape, [0], [-3], [long.MaxValue]))), 2);
        return net.Reshape(wide, Width,
            net.ConcatVectors(net.Slice(shape, [0], [0], [-3]), net.Slice(net.ShapeOf(wide), [0], [-3], [long.MaxValue])));
    }

    private static Value Enlarged(NetBuilder net, Value x)
    {
        Value Part(long start, long end) => net.Emit("Shape", 0, x).With("start", start).With("end", end).Output;
        return net.ResizeTo(x,
            net.ConcatVectors(Part(0, 2), net.Mul(Part(2, 3), net.Integers(2)), net.Mul(Part(3, 4), net.Integers(2))));
    }
}
