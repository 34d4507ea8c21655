using System.Collections.Concurrent;
using MsSrConvert.Calibration.Images;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;

namespace MsSrConvert.Training.Tests;

/// <summary>A folder with synthetic images and a small converted network to train on them.</summary>
internal sealed class Workshop : IDisposable
{
    // Drawing takes longer than training on them.
    private static readonly ConcurrentDictionary<(ulong Seed, int Index), Planes> Drawn = [];

    private readonly TemporaryFolder _folder = new();

    /// <summary>How the network wants its images: nothing tells before it is trained.</summary>
    public static ContractOptions Rgb { get; } = new() { Colour = InputColour.Rgb, InputRange = ValueRange.Unit };

    public string this[string name] => _folder[name];

    /// <summary>Writes synthetic images of 96×96 into a folder.</summary>
    public string Images(int count = 6, ulong seed = 0)
    {
        var folder = Directory.CreateDirectory(this[$"images{seed}"]).FullName;
        for (var i = 0; i < count; i++)
        {
            var picture = Drawn.GetOrAdd((seed, i), key => new SyntheticImages(key.Seed).Cut(key.Index, 96, 96, 0.4, 0.4)!);
            using var writer = ImageWriter.Create(Path.Combine(folder, $"p{i}.png"), new ImageLayout(96, 96, 3, 8));
            writer.Put(0, 0, picture);
            writer.Finish();
        }

        return folder;
    }

    /// <summary>
    /// A network that enlarges twice, converted: two residual blocks, and a skip by nearest enlargement so that it begins as no
    /// worse than that.
    /// </summary>
    public string Network(string name = "net.onnx", int channels = 12, int branches = 2, bool convert = true)
    {
        var net = new NetBuilder("net", 1);
        var image = net.Input();
        var x = net.Conv(image, "head", channels, 3);
        for (var i = 0; i < 2; i++)
        {
            using var block = net.Scope("body", i);
            x = net.Add(x,
                net.Conv(net.PRelu(net.Conv(x, "conv1", channels, 3), "slope", channels, 1, 1), "conv2", channels, 3, gain: 0.1));
        }

        net.Output(net.Add(net.PixelShuffle(net.Conv(x, "up", 12, 3, gain: 0.1), 2), net.Resize(image, 2)), scale: 2);
        var model = convert ? Converter.Convert(net.Model, new ConversionOptions { Branches = branches },
            new SliceInitializer()).Model : net.Model;
        OnnxFile.Write(model, this[name]);
        return this[name];
    }

    /// <summary>A short training of the network.</summary>
    public FineTuneRequest Request(string output = "out.onnx", long steps = 10) => new()
    {
        Model = Network(),
        Output = this[output],
        RunFolder = this[$"{output}.run"],
        Data = [Images()],
        Contract = Rgb,
        Options = new TrainingOptions { Steps = steps, Batch = 2, Patch = 16, Validations = 2, LearningRate = 1e-3, Seed = 3 },
    };

    /// <summary>Trains to the end.</summary>
    public static FineTuneResult Train(FineTuneRequest request)
    {
        using var tuner = new FineTuner(request);
        return tuner.Run(_ => { }, default);
    }

    public void Dispose() => _folder.Dispose();
}
