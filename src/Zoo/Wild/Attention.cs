using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Gates and attention.</summary>
internal static class Attention
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("gate-globalaveragepool", "Channel attention from GlobalAveragePool",
            net => Around(net, x => net.ChannelAttention(x, 4))),
        Entry("gate-reducemean", "Channel attention from ReduceMean",
            net => Around(net, x => net.Gate(x, net.Reduce("ReduceMean", x, 2, 3), 4))),
        Entry("gate-reducesum", "Channel attention from ReduceSum", net => Around(net, x => net.Gate(x, Sum(net, x), 4))),
        Entry("gate-gemm", "Channel attention through Flatten, Gemm and Reshape", net => Around(net, x => GemmGate(net, x))),
        Entry("gate-cca", "Contrast-aware channel attention, means as sums over a pixel count computed in the graph",
            net => Around(net, x => net.Gate(x, Contrast(net, x), 4))),
        Entry("gate-pixel", "Pixel attention: a gate for each element", net => Around(net, x =>
            net.Mul(x, net.Sigmoid(net.Conv(x, "pa", Width, 1))))),
        Entry("gate-spatial", "Spatial attention: one gate for each pixel from the channels' mean and maximum",
            net => Around(net, x => SpatialGate(net, x))),
        Entry("gate-simple", "Half of the channels times the other half", net => Around(net, x => SimpleGate(net, x))),
        Entry("esa", "Enhanced spatial attention: a stride-2 convolution, then MaxPool 7/3",
            net => Around(net, x => net.SpatialAttention(x, 8, 3))) with { SmallestInput = 15 },
        Entry("attention-matmul", "Non-local attention with MatMul and Softmax", net => Around(net, x => NonLocal(net, x))),
        Entry("attention-channel-matmul", "Attention between channels with MatMul and Softmax",
            net => Around(net, x => BetweenChannels(net, x))),
    ];

    // A sum grows with the image: scaled down so that the gate doesn't saturate.
    private static Value Sum(NetBuilder net, Value x) => net.Scale(net.Reduce("ReduceSum", x, 2, 3), 0.001f);

    private static Value GemmGate(NetBuilder net, Value x)
    {
        var flat = net.Emit("Flatten", 0, net.GlobalAveragePool(x)).With("axis", 1).Output;
        var squeezed = net.Relu(Gemm(net, flat, "fc1", Width, Width / 4));
        var gate = net.Sigmoid(Gemm(net, squeezed, "fc2", Width / 4, Width));
        return net.Mul(x, net.Reshape(gate, Width, -1, Width, 1, 1));
    }

    private static Value Gemm(NetBuilder net, Value x, string layer, int from, int to)
    {
        var weight = net.NormalParameter(layer + ".weight", Math.Sqrt(2.0 / from), to, from);
        var bias = net.UniformParameter(layer + ".bias", -0.05, 0.05, to);
        return net.EmitLayer(layer, "Gemm", 0, x, weight, bias).With("alpha", 1f).With("beta", 1f).With("transB", 1).Output;
    }

    private static Value Contrast(NetBuilder net, Value x)
    {
        var mean = Mean(net, x);
        var variance = Mean(net, net.Binary("Pow", net.Sub(x, mean), net.Scalar(2)));
        return net.Add(net.Binary("Pow", variance, net.Scalar(0.5f)), net.GlobalAveragePool(x));
    }

    // As PyTorch exports x.sum(3, keepdim).sum(2, keepdim) / (x.size(2) * x.size(3)).
    private static Value Mean(NetBuilder net, Value x)
    {
        Value Side(long axis) => net.Gather(net.ShapeOf(x), net.Constant(TensorData.Of([axis])));
        var pixels = net.Cast(net.Mul(Side(2), Side(3)), net.Element);
        return net.Div(net.Reduce("ReduceSum", net.Reduce("ReduceSum", x, 3), 2), pixels);
    }

    private static Value SpatialGate(NetBuilder net, Value x)
    {
        var statistics = net.Concat(net.Reduce("ReduceMean", x, 1), net.Reduce("ReduceMax", x, 1));
        return net.Mul(x, net.Sigmoid(net.Conv(statistics, "spatial", 1, 7)));
    }

    private static Value SimpleGate(NetBuilder net, Value x)
    {
        var halves = net.Split(net.Conv(x, "widen", 2 * Width, 1), Width, Width);
        return net.Conv(net.Mul(halves[0], halves[1]), "merge", Width, 1);
    }

    private static Value NonLocal(NetBuilder net, Value x)
    {
        var query = net.Transpose(Pixels(net, net.Conv(x, "theta", 8, 1)), 0, 0, 2, 1);
        var key = Pixels(net, net.Conv(x, "phi", 8, 1));
        var value = net.Transpose(Pixels(net, net.Conv(x, "g", 8, 1)), 0, 0, 2, 1);
        var seen = net.MatMul(net.Softmax(net.MatMul(query, key), 2), value);
        var back = net.Reshape(net.Transpose(seen, 0, 0, 2, 1), 8, ImageShape(net, x, 8));
        return net.Add(x, net.Conv(back, "out", Width, 1));
    }

    private static Value BetweenChannels(NetBuilder net, Value x)
    {
        var query = Pixels(net, net.Conv(x, "query", Width, 1));
        var key = net.Transpose(Pixels(net, net.Conv(x, "key", Width, 1)), 0, 0, 2, 1);
        var weights = net.Softmax(net.Scale(net.MatMul(query, key), 0.01f), 2);
        var seen = net.MatMul(weights, Pixels(net, net.Conv(x, "value", Width, 1)));
        return net.Add(x, net.Conv(net.Reshape(seen, Width, ImageShape(net, x, Width)), "out", Width, 1));
    }

    // (N,C,H,W) to (N,C,H*W).
    private static Value Pixels(NetBuilder net, Value x) => net.Reshape(x, 0, 0, net.Channels(x), -1);

    private static Value ImageShape(NetBuilder net, Value x, int channels)
    {
        var batch = net.Slice(net.ShapeOf(x), [0], [0], [1]);
        return net.ConcatVectors(batch, net.Integers(channels), net.Slice(net.ShapeOf(x), [0], [2], [4]));
    }
}
