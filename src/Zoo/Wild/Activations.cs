using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Activations and normalisation.</summary>
internal static class Activations
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("prelu-channel", "PReLU with slopes [C,1,1]", net => Around(net, x => net.PRelu(x, "prelu"))),
        Entry("prelu-scalar", "PReLU with one slope [1]", net => Around(net, x => net.PRelu(x, "prelu", 1))),
        Entry("prelu-unsqueezed", "PReLU with slopes [C] behind Unsqueeze", net => Around(net, x => Unsqueezed(net, x))),
        Entry("prelu-written", "PReLU written with Relu, Abs, Sub, Mul and Add", net => Around(net, x => Written(net, x))),
        Entry("gelu-erf", "GELU written with Erf", net => Around(net, net.Gelu)),
        Entry("selu", "Selu", net => Around(net, x => net.Unary("Selu", x))),
        Entry("elu", "Elu", net => Around(net, x => net.Unary("Elu", x))),
        Entry("softplus", "Softplus", net => Around(net, x => net.Unary("Softplus", x))),
        Entry("silu", "x times Sigmoid(x)", net => Around(net, x => net.Mul(x, net.Sigmoid(x)))),
        Entry("hardswish", "HardSwish and HardSigmoid",
            net => Around(net, x => net.Unary("HardSigmoid", net.Unary("HardSwish", x)))),
        Entry("clip-attribute", "Clip with attributes (opset 10)", net => Around(net, x => net.Clip(x, 0, 6)), 10),
        Entry("clip-input", "Clip with inputs", net => Around(net, x => net.Clip(x, 0, 6))),
        Entry("clip-one-sided", "Clip with an upper bound only", net => Around(net, x =>
            net.Emit("Clip", Width, x, null, net.Scalar(6)).Output)),
        Entry("instancenorm", "InstanceNormalization after a convolution",
            net => Around(net, x => net.Relu(net.InstanceNorm(net.Conv(x, "normed", Width, 3), "in")))),
        Entry("layernorm-channels", "Normalisation over the channels of each pixel (LayerNorm2d)",
            net => Around(net, x => ChannelNorm(net, x))),
        Entry("batchnorm-preact", "BatchNormalization before the convolution, where none can take it in",
            net => Around(net, x => PreActivation(net, x))),
        Entry("batchnorm-concat", "BatchNormalization of a Concat",
            net => Around(net, x => net.BatchNorm(net.Concat(x, net.ConvRelu(x, "more", 8, 3)), "bn"))),
    ];

    private static Value Unsqueezed(NetBuilder net, Value x)
    {
        var slopes = net.UniformParameter("prelu.weight", 0.1, 0.4, Width);
        return net.EmitLayer("prelu", "PRelu", Width, x, net.Unsqueeze(slopes, 1, 2)).Output;
    }

    // TensorFlow's spelling: relu(x) + slope * (x - |x|) / 2.
    private static Value Written(NetBuilder net, Value x)
    {
        var slopes = net.UniformParameter("prelu.alpha", 0.1, 0.4, 1, Width, 1, 1);
        var twiceNegative = net.Sub(x, net.Unary("Abs", x));
        var negative = net.Mul(net.Mul(slopes, twiceNegative), net.Scalar(0.5f));
        return net.Add(net.Relu(x), negative);
    }

    private static Value ChannelNorm(NetBuilder net, Value x)
    {
        var centred = net.Sub(x, net.Reduce("ReduceMean", x, 1));
        var variance = net.Reduce("ReduceMean", net.Mul(centred, centred), 1);
        var normal = net.Div(centred, net.Unary("Sqrt", net.Add(variance, net.Scalar(1e-6f))));
        var scaled = net.Mul(normal, net.UniformParameter("norm.weight", 0.8, 1.2, 1, Width, 1, 1));
        return net.Add(scaled, net.UniformParameter("norm.bias", -0.05, 0.05, 1, Width, 1, 1));
    }

    private static Value PreActivation(NetBuilder net, Value x)
    {
        var y = net.Conv(net.Relu(net.BatchNorm(x, "bn1")), "conv1", Width, 3);
        y = net.Conv(net.Relu(net.BatchNorm(y, "bn2")), "conv2", Width, 3);
        return net.Add(x, y);
    }
}
