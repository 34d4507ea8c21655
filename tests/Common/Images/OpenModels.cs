using System.Collections.Concurrent;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Tests.Common;

/// <summary>Models opened once for all tests, and small models made on the spot.</summary>
internal static class OpenModels
{
    private static readonly ConcurrentDictionary<string, Lazy<ImageModel>> Opened = new();

    /// <summary>A shared model, as guessed.</summary>
    public static ImageModel Shared(string name) =>
        Opened.GetOrAdd(name, n => new Lazy<ImageModel>(() => ImageModel.Open(TestFiles.Model(n)))).Value;

    /// <summary>A shared luma network that was trained on full-range luma.</summary>
    public static ImageModel SharedFullRange(string name) => Opened.GetOrAdd(name + " full", _ => new Lazy<ImageModel>(() =>
        ImageModel.Open(TestFiles.Model(name), new ContractOptions { Luma = LumaRange.Full }))).Value;

    /// <summary>
    /// Writes a network of one 3x3 convolution that sharpens (or does nothing) and, for a scale above 1, repeats pixels before
    /// it.
    /// </summary>
    public static string Write(TemporaryFolder folder, string name, int channels, int scale = 1, float sharpness = 0,
        float gain = 1, bool pad = true)
    {
        var graph = new Graph("net");
        var input = graph.AddInput(
            new Value("input", new TensorType(ElementType.Float, new Shape(1, channels, Dim.Of("height"), Dim.Of("width")))));
        var current = input;
        if (scale > 1)
        {
            var scales = graph.AddInitializer("scales", TensorData.Of([1f, 1f, scale, scale], 4));
            var large = new Value("large");
            graph.Add(new Node("Resize", [current, null, scales], [large], "resize").With("mode", "nearest")
                .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor"));
            current = large;
        }

        var kernel = new float[channels * channels * 9];
        for (var c = 0; c < channels; c++)
        {
            var centre = (c * channels + c) * 9;
            Array.Fill(kernel, -sharpness / 8 * gain, centre, 9);
            kernel[centre + 4] = (1 + sharpness) * gain;
        }

        var weight = graph.AddInitializer("weight", TensorData.Of(kernel, channels, channels, 3, 3));
        var output = new Value("output", new TensorType(ElementType.Float, new Shape(1, channels, Dim.Unknown, Dim.Unknown)));
        graph.Add(new Node("Conv", [current, weight], [output], "conv").With("pads", pad ? [1, 1, 1, 1] : [0, 0, 0, 0]));
        graph.AddOutput(output);
        var model = new Model(graph);
        model.OpsetImports[""] = 13;
        var path = folder[name];
        OnnxFile.Write(model, path);
        return path;
    }
}
