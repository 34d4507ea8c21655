using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;

namespace MsSrConvert.Cli.Tests;

/// <summary>Networks of a few small convs, written to files.</summary>
internal static class TinyNet
{
    /// <summary>
    /// conv 3→channels, relu, two convs, relu, conv channels→3; all 3×3 with bias, input [1, 3, height, width].
    /// </summary>
    public static void Write(string path, int channels = 8, float scale = 0.1f)
    {
        var model = new Model(new Graph("tiny")) { IrVersion = 7 };
        model.OpsetImports[""] = 13;
        var graph = model.Graph;
        var shape = new Shape(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width"));
        var x = graph.AddInput(new Value("image", new TensorType(ElementType.Float, shape)));
        x = Conv(graph, "head", x, 3, channels, scale);
        x = graph.Add(new Node("Relu", [x], [new Value("a")], "relu1")).Output;
        x = Conv(graph, "middle1", x, channels, channels, scale);
        x = Conv(graph, "middle2", x, channels, channels, scale);
        x = graph.Add(new Node("Relu", [x], [new Value("b")], "relu2")).Output;
        x = Conv(graph, "tail", x, channels, 3, scale);
        x.Type = new TensorType(ElementType.Float, shape);
        graph.AddOutput(x);
        OnnxFile.Write(model, path);
    }

    /// <summary>A network that only doubles its input.</summary>
    public static void WriteWithoutConvs(string path)
    {
        var model = new Model(new Graph("double")) { IrVersion = 7 };
        model.OpsetImports[""] = 13;
        var type = new TensorType(ElementType.Float, new Shape(Dim.Known(1), Dim.Known(3), Dim.Of("height"), Dim.Of("width")));
        var x = model.Graph.AddInput(new Value("image", type));
        model.Graph.AddOutput(model.Graph.Add(new Node("Add", [x, x], [new Value("y", type)], "add")).Output);
        OnnxFile.Write(model, path);
    }

    private static Value Conv(Graph graph, string name, Value x, int from, int to, float scale)
    {
        var weights = new float[to * from * 9];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = scale * MathF.Sin(i + 1);
        var kernel = graph.AddInitializer($"{name}.weight", TensorData.Of(weights, to, from, 3, 3));
        var bias = graph.AddInitializer($"{name}.bias", TensorData.Of(weights.AsSpan(0, to), to));
        return graph.Add(new Node("Conv", [x, kernel, bias], [new Value($"{name}_out")], name)
            .With("kernel_shape", [3, 3]).With("pads", [1, 1, 1, 1])).Output;
    }
}
