using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Where a convolution's weights come from.</summary>
internal static class WeightForms
{
    private static readonly long[] KernelDims = [Width, Width, 3, 3];

    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("weights-identity", "Convolution weights and biases behind Identity nodes",
            net => Around(net, x => BehindIdentity(net, x))),
        Entry("weights-identity-shared", "One weight read directly and, through Identity, by a second convolution",
            net => Around(net, x => SharedThroughIdentity(net, x))),
        Entry("weights-constant-nodes", "All weights in Constant nodes", ConstantNodes),
        Entry("weights-shared", "One weight and one bias read by three convolutions", net => Around(net, x => Shared(net, x))),
        Entry("weights-no-bias", "Convolutions without bias", WithoutBias),
        Entry("weights-typed", "Weights stored as lists of floats instead of raw bytes", Typed),
        Entry("weights-norm", "Weight normalisation computed in the graph", net => Around(net, x => WeightNorm(net, x))),
        Entry("weights-dynamic", "A depthwise kernel predicted from the image; batch 1",
            net => Around(net, x => Predicted(net, x))),
    ];

    private static Value Kernel(NetBuilder net, string name) =>
        net.NormalParameter(name, Math.Sqrt(2.0 / (9 * Width)), KernelDims);

    private static Value Bias(NetBuilder net, string name) => net.UniformParameter(name, -0.05, 0.05, Width);

    private static Value BehindIdentity(NetBuilder net, Value x)
    {
        for (var i = 0; i < 2; i++)
        {
            using var scope = net.Scope("renamed", i);
            var weight = net.Emit("Identity", 0, Kernel(net, "weight")).Output;
            var bias = net.Emit("Identity", 0, Bias(net, "bias")).Output;
            x = net.Relu(net.ConvWith(x, "conv", weight, bias, Width, 3));
        }

        return x;
    }

    private static Value SharedThroughIdentity(NetBuilder net, Value x)
    {
        var weight = Kernel(net, "shared.weight");
        x = net.Relu(net.ConvWith(x, "first", weight, Bias(net, "first.bias"), Width, 3));
        var renamed = net.Emit("Identity", 0, weight).Output;
        return net.Relu(net.ConvWith(x, "second", renamed, Bias(net, "second.bias"), Width, 3));
    }

    private static NetBuilder ConstantNodes(NetBuilder net)
    {
        net.WeightsInConstantNodes = true;
        return Around(net, net.ResidualBlock);
    }

    private static Value Shared(NetBuilder net, Value x)
    {
        var weight = Kernel(net, "shared.weight");
        var bias = Bias(net, "shared.bias");
        for (var i = 0; i < 3; i++)
            x = net.Relu(net.ConvWith(x, FormattableString.Invariant($"use.{i}"), weight, bias, Width, 3));
        return x;
    }

    private static NetBuilder WithoutBias(NetBuilder net)
    {
        var x = net.Relu(net.Conv(net.Input(), "head", Width, 3, bias: false));
        x = net.Relu(net.Conv(x, "body", Width, 3, bias: false));
        return net.Output(net.Conv(x, "tail", 3, 3, bias: false));
    }

    private static NetBuilder Typed(NetBuilder net)
    {
        Around(net, net.ResidualBlock);
        foreach (var weight in net.Graph.Initializers)
        {
            var data = weight.Initializer!;
            var typed = new TensorData(data.Element, data.Dims, data.Bytes) { Encoding = TensorEncoding.Typed };
            net.Graph.SetInitializer(weight, typed);
        }

        return net;
    }

    // w = g * v / ||v||, with one length per output channel.
    private static Value WeightNorm(NetBuilder net, Value x)
    {
        var direction = Kernel(net, "normed.weight_v");
        var length = net.UniformParameter("normed.weight_g", 0.8, 1.2, Width, 1, 1, 1);
        var norm = net.Reduce("ReduceL2", direction, 1, 2, 3);
        var weight = net.Mul(direction, net.Div(length, norm));
        return net.Relu(net.ConvWith(x, "normed", weight, Bias(net, "normed.bias"), Width, 3));
    }

    private static Value Predicted(NetBuilder net, Value x)
    {
        var taps = net.Conv(net.GlobalAveragePool(x), "predict", 9 * Width, 1);
        var kernel = net.Reshape(taps, 0, Width, 1, 3, 3);
        return net.Relu(net.ConvWith(x, "predicted", kernel, null, Width, 3, groups: Width));
    }
}
