using MsSrConvert.GraphIR;
using static MsSrConvert.Zoo.Wild.WildNet;

namespace MsSrConvert.Zoo.Wild;

/// <summary>What exporters do: opsets, layouts, names, static shapes.</summary>
internal static class Exporters
{
    public static IEnumerable<ZooEntry> Entries =>
    [
        .. Enumerable.Range(7, 16).Select(Versioned),
        Entry("initializers-as-inputs", "Every initializer also listed as a graph input (opset 8)",
            net => Around(net, net.ResidualBlock), 8),
        Entry("static", "A fixed input of 1x3x32x32", net => Around(net, net.ResidualBlock, 1, Resizing.Fixed(net, 32)))
            with { StaticSide = 32 },
        Entry("static-odd", "A fixed input of 1x3x33x33", net => Around(net, net.ResidualBlock, 1, Resizing.Fixed(net, 33)))
            with { StaticSide = 33 },
        Entry("nhwc", "A TensorFlow export: (N,H,W,C) ends, auto_pad SAME_UPPER, ':' in names, a second opset domain",
            TensorFlow, 13) with { Outputs = [new(2)], ChannelsLast = true },
        Entry("nhwc-everywhere", "A TensorFlow export with Transpose nodes around every convolution", Transposed, 13)
            with { ChannelsLast = true },
        Entry("unnamed", "Nodes without names, values named by numbers, weights with dots", Unnamed),
        Entry("local-function", "conv-relu as a function of the model", WithFunction),
        Entry("if", "An If node between convolutions, its branches reading from outside",
            net => Around(net, x => Choice(net, x))),
        Entry("dropout-identity", "Dropout and Identity nodes left in",
            net => Around(net, x => net.Unary("Identity", net.Unary("Dropout", x)))),
        Entry("mean-constants", "Mean and deviation of each colour as constants at both ends", MeanConstants),
    ];

    // One of every operator whose form changed between opsets.
    private static ZooEntry Versioned(int opset) => Entry(
        FormattableString.Invariant($"opset-{opset}"),
        FormattableString.Invariant($"Opset {opset}: the operators whose form changed over the versions"),
        net => Around(net, x => Forms(net, x), 4), opset) with
    { Outputs = [new(4)] };

    private static Value Forms(NetBuilder net, Value x)
    {
        x = net.Clip(net.BatchNorm(net.Conv(x, "normed", Width, 3, bias: false), "bn"), 0, 6);
        var parts = net.Split(x, 4, Width - 4);
        x = net.Concat(parts[0], net.Slice(net.Pad(parts[1], 1, "constant"), [2, 3], [1, 1], [-1, -1]));
        var slopes = net.UniformParameter("prelu.weight", 0.1, 0.4, Width);
        x = net.EmitLayer("prelu", "PRelu", Width, x, net.Unsqueeze(slopes, 1, 2)).Output;
        x = net.Gate(x, net.Reduce("ReduceMean", x, 2, 3), 4);
        x = net.Add(x, net.Scale(net.Reduce("ReduceSum", x, 2, 3), 0.001f));
        x = net.Resize(net.Unary("Dropout", x), 2);
        return net.PixelShuffle(net.Conv(x, "up", 4 * Width, 3), 2, "DCR");
    }

    private static NetBuilder TensorFlow(NetBuilder net)
    {
        var image = net.Input(new Shape(Dim.Of("unk__1"), Dim.Of("unk__2"), Dim.Of("unk__3"), 3), "IteratorGetNext:0");
        var x = net.Transpose(image, 3, 0, 3, 1, 2);
        x = net.Relu(Same(net.Conv(x, "conv2d", Width, 5)));
        x = net.Relu(Same(net.Conv(x, "conv2d_1", Width, 3)));
        var y = net.ConvTranspose(x, "conv2d_transpose", 3, 4, 2, 1);
        y.Producer!.Attributes.Remove("pads");
        y = net.Transpose(Same(y), 3, 0, 2, 3, 1);
        LikeTensorFlow(net);
        var shape = new Shape(Dim.Of("unk__1"), Dim.Of("unk__2", 2), Dim.Of("unk__3", 2), 3);
        return net.Output(y, shape, "Identity:0");
    }

    private static NetBuilder Transposed(NetBuilder net)
    {
        var x = net.Input(new Shape(Dim.Of("batch"), Dim.Of("height"), Dim.Of("width"), 3), "images:0");
        int[] channels = [Width, Width, 3];
        for (var i = 0; i < channels.Length; i++)
        {
            var first = net.Transpose(x, i == 0 ? 3 : Width, 0, 3, 1, 2);
            var y = Same(net.Conv(first, FormattableString.Invariant($"conv2d_{i}"), channels[i], 3));
            x = net.Transpose(y, channels[i], 0, 2, 3, 1);
            x = i < channels.Length - 1 ? net.Relu(x) : x;
        }

        LikeTensorFlow(net);
        return net.Output(x, new Shape(Dim.Of("batch"), Dim.Of("height"), Dim.Of("width"), 3), "output:0");
    }

    private static Value Same(Value convolved)
    {
        convolved.Producer!.Attributes.Remove("pads");
        convolved.Producer.With("auto_pad", "SAME_UPPER");
        return convolved;
    }

    private static void LikeTensorFlow(NetBuilder net)
    {
        net.Model.ProducerName = "tf2onnx";
        net.Model.OpsetImports["ai.onnx.ml"] = 2;
        foreach (var node in net.Graph.Nodes)
        {
            node.Name = "StatefulPartitionedCall/model" + node.Name;
            foreach (var output in node.Outputs.OfType<Value>())
                output.Name = FormattableString.Invariant($"{node.Name}:{output.OutputIndex}");
        }
    }

    private static NetBuilder Unnamed(NetBuilder net)
    {
        Around(net, net.ResidualBlock);
        var number = 10;
        foreach (var node in net.Graph.Nodes)
        {
            node.Name = "";
            foreach (var output in node.Outputs.OfType<Value>().Where(v => !v.IsGraphOutput))
                output.Name = FormattableString.Invariant($"{number++}");
        }

        return net;
    }

    private static NetBuilder WithFunction(NetBuilder net)
    {
        const string Domain = "mssr.zoo.functions";
        var body = new Graph("ConvRelu");
        var inputs = new[] { "x", "weight", "bias" }.Select(name => body.AddInput(new Value(name))).ToList();
        var conv = body.Add(new Node("Conv", inputs, [new Value("convolved")], "conv").With("pads", [1, 1, 1, 1]));
        body.AddOutput(body.Add(new Node("Relu", [conv.Output], [new Value("y")], "relu")).Output);
        var function = new Function(Domain, "ConvRelu", body);
        function.OpsetImports[""] = net.Opset;
        net.Model.Functions.Add(function);
        net.Model.OpsetImports[Domain] = 1;
        return Around(net, x => Call(net, Call(net, x, "call1", Domain), "call2", Domain));
    }

    private static Value Call(NetBuilder net, Value x, string layer, string domain)
    {
        var weight = net.NormalParameter(layer + ".weight", Math.Sqrt(2.0 / (9 * Width)), Width, Width, 3, 3);
        var node = net.EmitLayer(layer, "ConvRelu", Width, x, weight, net.UniformParameter(layer + ".bias", -0.05, 0.05, Width));
        node.Domain = domain;
        return node.Output;
    }

    private static Value Choice(NetBuilder net, Value x)
    {
        var height = net.Slice(net.ShapeOf(x), [0], [2], [3]);
        var large = net.Emit("Greater", 0, height, net.Integers(8)).Output;
        return net.Emit("If", Width, large)
            .With("then_branch", new GraphAttribute(Branch("Relu", x)))
            .With("else_branch", new GraphAttribute(Branch("Tanh", x))).Output;
    }

    private static Graph Branch(string op, Value captured)
    {
        var branch = new Graph(op.ToLowerInvariant() + "_branch");
        var node = branch.Add(new Node(op, [captured], [new Value("/branch/" + op)], "/branch/" + op));
        branch.AddOutput(node.Output).Type = new TensorType(ElementType.Float, null);
        return branch;
    }

    private static NetBuilder MeanConstants(NetBuilder net)
    {
        Value Colours(float r, float g, float b) => net.Constant(TensorData.Of([r, g, b], 1, 3, 1, 1));
        var x = net.Div(net.Sub(net.Input(), Colours(0.485f, 0.456f, 0.406f)), Colours(0.229f, 0.224f, 0.225f));
        x = net.Conv(net.ResidualBlock(net.ConvRelu(x, "head", Width, 3)), "tail", 3, 3);
        return net.Output(net.Add(net.Mul(x, Colours(0.229f, 0.224f, 0.225f)), Colours(0.485f, 0.456f, 0.406f)));
    }
}
