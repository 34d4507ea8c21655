using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.PyTorch.Tests;

/// <summary>The smallest networks that have what a test is about.</summary>
internal static class SmallNet
{
    private static readonly Shape Image = new(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width"));

    /// <summary>A graph with an image of N,3,H,W as its input and one node behind it.</summary>
    public static Model Of(string opType, Action<Node>? configure = null, params TensorData[] constants) =>
        Of(opType, Image, 1, configure, constants);

    /// <summary>A graph of one node with an input of the given shape.</summary>
    public static Model Of(string opType, Shape shape, int outputs, Action<Node>? configure = null, params TensorData[] constants)
    {
        var model = new Model(new Graph("small")) { IrVersion = 8 };
        model.OpsetImports[""] = 17;
        var graph = model.Graph;
        var input = graph.AddInput(new Value("image", new TensorType(ElementType.Float, shape)));
        var inputs = constants.Select((data, i) => graph.AddInitializer($"c{i + 1}", data)).Prepend(input).ToArray();
        var node = new Node(opType, inputs, Enumerable.Range(1, outputs).Select(i => new Value($"out{i}")), "node");
        configure?.Invoke(node);
        graph.Add(node);
        foreach (var output in node.Outputs)
            graph.AddOutput(output!);
        return model;
    }

    /// <summary>conv 3→12, relu, conv, conv 12→3 and the image added; all 3×3 with bias.</summary>
    public static Model Source()
    {
        var model = new Model(new Graph("source")) { IrVersion = 8 };
        model.OpsetImports[""] = 13;
        var graph = model.Graph;
        var image = graph.AddInput(new Value("image", new TensorType(ElementType.Float, Image)));
        var x = Conv(graph, "head", image, 3, 12);
        x = graph.Add(new Node("Relu", [x], [new Value("a")], "relu")).Output;
        x = Conv(graph, "body.0", x, 12, 12);
        x = Conv(graph, "tail", x, 12, 3);
        graph.AddOutput(
            graph.Add(new Node("Add", [x, image], [new Value("y", new TensorType(ElementType.Float, Image))], "skip")).Output);
        return model;
    }

    /// <summary>The same, converted.</summary>
    public static Model Converted(int branches, Interaction interaction = Interaction.Adjacent) =>
        Converter.Convert(Source(), new ConversionOptions { Branches = branches, Interaction = interaction },
            new SliceInitializer()).Model;

    /// <summary>The statements of the module's <c>forward</c>, without their indentation and without the return.</summary>
    public static string[] Forward(Model model)
    {
        var code = PyTorchWriter.Write(model, "small.onnx").Code;
        return [.. code[code.IndexOf("def forward", StringComparison.Ordinal)..].Split('\n').Skip(1).SkipLast(2)
            .Select(line => line.Trim())];
    }

    private static Value Conv(Graph graph, string name, Value x, int from, int to)
    {
        var weights = Enumerable.Range(1, to * from * 9).Select(i => 0.1f * MathF.Sin(i)).ToArray();
        var kernel = graph.AddInitializer($"{name}.weight", TensorData.Of(weights, to, from, 3, 3));
        var bias = graph.AddInitializer($"{name}.bias", TensorData.Of(weights.AsSpan(0, to), to));
        return graph.Add(new Node("Conv", [x, kernel, bias], [new Value($"{name}_out")], name).With("pads", [1, 1, 1, 1])).Output;
    }
}
