using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>Element types, numbers of inputs and channels, foreign operators, repetition.</summary>
internal static class Inputs
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        Entry("float16", "All in float16", Half) with { Outputs = [new(4)] },
        Entry("float16-inside", "float32 at the ends, float16 between Cast nodes", HalfInside),
        Entry("int8-convinteger", "Dynamic quantisation with ConvInteger", net => Around(net, x => ConvInteger(net, x))),
        Entry("int8-qdq", "Quantised weights and features between QuantizeLinear and DequantizeLinear",
            net => Around(net, x => Quantised(net, x))),
        Entry("custom-op", "An operator of a foreign domain between convolutions", Custom) with { Runs = false },
        Entry("two-inputs", "An image and a noise map", TwoInputs),
        Entry("two-images", "Two images with a head each, features added", TwoImages),
        Entry("input-1", "One input channel", net => Colours(net, 1)),
        Entry("input-4", "Four input channels", net => Colours(net, 4)),
        Entry("input-18", "18 input channels (frames stacked)", net => Colours(net, 18)),
        Entry("recurrent", "One subnetwork of two convolutions run four times", net => Around(net, x => Recurrent(net, x))),
        Entry("two-outputs", "A restored image and its features' mask", TwoOutputs) with { Outputs = [new(1), new(1)] },
    ];

    private static NetBuilder Half(NetBuilder net)
    {
        net.Element = ElementType.Float16;
        var x = net.ResidualBlock(net.ConvRelu(net.Input(), "head", Width, 3));
        x = net.PRelu(net.Clip(net.ChannelAttention(x, 4), -8, 8), "prelu");
        return net.Output(net.PixelShuffle(net.Conv(net.Resize(x, 2), "tail", 12, 3), 2), 4);
    }

    private static NetBuilder HalfInside(NetBuilder net)
    {
        var image = net.Cast(net.Input(), ElementType.Float16);
        net.Element = ElementType.Float16;
        var x = net.ResidualBlock(net.ConvRelu(image, "head", Width, 3));
        x = net.Cast(net.Conv(x, "tail", 3, 3), ElementType.Float);
        net.Element = ElementType.Float;
        return net.Output(x);
    }

    private static Value ConvInteger(NetBuilder net, Value x)
    {
        var quantised = net.EmitMany("quant", "DynamicQuantizeLinear", [Width, 0, 0], [x]);
        var weight = Int8Kernel(net);
        var node = net.EmitLayer("quant", "ConvInteger", Width, quantised.Outputs[0], weight, quantised.Outputs[2])
            .With("kernel_shape", [3, 3]).With("pads", [1, 1, 1, 1]);
        var scale = net.Mul(quantised.Outputs[1]!, net.Scalar(0.002f));
        return net.Relu(net.Mul(net.Cast(node.Output, ElementType.Float), scale));
    }

    private static Value Quantised(NetBuilder net, Value x)
    {
        var (step, zero) = (net.Scalar(0.02f), net.Constant(new TensorData(ElementType.UInt8, [], new byte[] { 0 })));
        var q = net.Emit("QuantizeLinear", Width, x, step, zero).Output;
        var features = net.Emit("DequantizeLinear", Width, q, step, zero).Output;
        var kernel = net.Emit("DequantizeLinear", 0, Int8Kernel(net), net.Scalar(0.002f)).Output;
        return net.Relu(net.ConvWith(features, "quant", kernel, null, Width, 3));
    }

    // Steps of a fixed saw-tooth: the values don't matter, only that they are integers.
    private static Value Int8Kernel(NetBuilder net)
    {
        var bytes = new byte[Width * Width * 9];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(sbyte)((i * 37 % 101) - 50);
        return net.Graph.AddInitializer("quant.weight", new TensorData(ElementType.Int8, [Width, Width, 3, 3], bytes));
    }

    private static NetBuilder Custom(NetBuilder net)
    {
        const string Domain = "com.example.vision";
        net.Model.OpsetImports[Domain] = 1;
        return Around(net, x =>
        {
            var node = net.EmitLayer("warp", "DeformableConv", Width, x,
                net.NormalParameter("warp.weight", 0.1, Width, Width, 3, 3));
            node.Domain = Domain;
            return net.ResidualBlock(node.Output);
        });
    }

    private static NetBuilder TwoInputs(NetBuilder net)
    {
        var image = net.Input();
        var noise = net.Input(1, "noise");
        var x = net.ResidualBlock(net.ConvRelu(net.Concat(image, noise), "head", Width, 3));
        return net.Output(net.Add(image, net.Conv(x, "tail", 3, 3)));
    }

    private static NetBuilder TwoImages(NetBuilder net)
    {
        var x = net.ConvRelu(net.Input(), "head", Width, 3);
        var reference = net.ConvRelu(net.Input(3, "reference"), "reference_head", Width, 3);
        x = net.ResidualBlock(net.Add(x, reference));
        return net.Output(net.Conv(x, "tail", 3, 3));
    }

    private static NetBuilder Colours(NetBuilder net, int colours) =>
        Around(net, net.ResidualBlock, 1, net.Input(colours));

    private static Value Recurrent(NetBuilder net, Value x)
    {
        for (var i = 0; i < 4; i++)
        {
            using var scope = net.Scope("cell", reuse: i > 0);
            x = net.Relu(net.ResidualBlock(x));
        }

        return x;
    }

    private static NetBuilder TwoOutputs(NetBuilder net)
    {
        var image = net.Input();
        var x = net.ResidualBlock(net.ConvRelu(image, "head", Width, 3));
        var mask = net.Sigmoid(net.Conv(x, "mask", 1, 3));
        return net.Output(net.Add(image, net.Conv(x, "tail", 3, 3))).Output(mask, name: "mask");
    }
}
