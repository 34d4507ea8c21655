using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;

namespace MsSrConvert.Cli.Tests;

/// <summary>Small models and images for the commands that run models.</summary>
internal static class RuntimeFiles
{
    /// <summary>An image with a slope in every channel.</summary>
    public static string Image(TemporaryFolder folder, string name, int width = 24, int height = 18, int channels = 3)
    {
        var planes = new float[channels][];
        for (var c = 0; c < channels; c++)
        {
            planes[c] =
                [.. Enumerable.Range(0, width * height).Select(i => (float)((i % width * 7 + i / width * (3 + c)) % 256))];
        }

        ImageWriter.WriteAll(folder[name], new Planes(planes, height, width));
        return folder[name];
    }

    /// <summary>A network that repeats every pixel, written as Resize and a 1×1 conv that changes nothing.</summary>
    public static string Doubling(TemporaryFolder folder, string name, int channels = 3, int scale = 2)
    {
        var model = Model(channels, out var x);
        var graph = model.Graph;
        if (scale > 1)
        {
            var scales = graph.AddInitializer("scales", TensorData.Of([1f, 1f, scale, scale], 4));
            x = graph.Add(new Node("Resize", [x, null, scales], [new Value("large")], "resize").With("mode", "nearest")
                .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor")).Output;
        }

        var kernel = new float[channels * channels];
        for (var c = 0; c < channels; c++)
            kernel[c * channels + c] = 1;
        Finish(model,
            graph.Add(
                new Node("Conv", [x, graph.AddInitializer("w", TensorData.Of(kernel, channels, channels, 1, 1))],
                    [new Value("y")], "conv")).Output);
        OnnxFile.Write(model, folder[name]);
        return folder[name];
    }

    /// <summary>A network whose result is one number for an image.</summary>
    public static string Classifier(TemporaryFolder folder, string name)
    {
        var model = Model(3, out var x);
        var pooled = model.Graph.Add(new Node("GlobalAveragePool", [x], [new Value("pooled")], "pool")).Output;
        Finish(model, model.Graph.Add(new Node("Flatten", [pooled], [new Value("y")], "flatten")).Output);
        OnnxFile.Write(model, folder[name]);
        return folder[name];
    }

    private static Model Model(int channels, out Value input)
    {
        var model = new Model(new Graph("net")) { IrVersion = 7 };
        model.OpsetImports[""] = 13;
        input = model.Graph.AddInput(
            new Value("x", new TensorType(ElementType.Float, new Shape(1, channels, Dim.Of("height"), Dim.Of("width")))));
        return model;
    }

    private static void Finish(Model model, Value output)
    {
        output.Type = new TensorType(ElementType.Float, null);
        model.Graph.AddOutput(output);
    }
}
