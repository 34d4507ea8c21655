using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.PyTorch.Safetensors;
using MsSrConvert.Runtime;

namespace MsSrConvert.PyTorch.Check;

/// <summary>
/// Converts networks, exports them, and lays beside every export what ONNX Runtime computes (<c>reference.safetensors</c>) and
/// how many parameters the compiler counts (<c>parameters.txt</c>).
/// </summary>
internal static class Preparation
{
    // An even and an odd size; networks that pool over wide windows need larger ones on their coarsest branch.
    private static readonly (int Height, int Width)[] Sizes = [(40, 48), (37, 53)];
    private static readonly (int Height, int Width)[] LargeSizes = [(64, 96), (61, 75)];

    /// <summary>Prepares every network that converts; gives the exit code.</summary>
    public static int Run(string folder, IReadOnlyList<string> networks)
    {
        Directory.CreateDirectory(folder);
        var failed = 0;
        foreach (var network in networks)
        {
            var at = network.LastIndexOf('@');
            var (source, branches) = (network[..at], network[(at + 1)..]);
            failed += Prepare(folder, source, branches) ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    private static bool Prepare(string folder, string network, string branches)
    {
        var name = $"{Path.GetFileNameWithoutExtension(network)}.ms{branches}";
        var place = Path.Combine(folder, name);
        Directory.CreateDirectory(place);
        var (source, converted) = (network, Path.Combine(place, "model.onnx"));
        if (!File.Exists(network))
        {
            source = Path.Combine(place, "source.onnx");
            if (Tool("zoo", network, "-o", source, "--force") is not 0)
                return false;
        }

        var code = Tool(source, "-n", branches, "-o", converted, "--force", "--no-check");
        if (code == 1)
        {
            Console.WriteLine($"{name}: not convertible");
            Directory.Delete(place, recursive: true);
            return true;
        }

        code = code == 0 ? Tool("export-pytorch", converted, "-o", Path.Combine(place, "export"), "--force") : code;
        if (code == 0)
            WriteReference(converted, place);
        return code == 0;
    }

    private static void WriteReference(string converted, string place)
    {
        var model = ModelFile.Read(converted);
        var parameters = NormalForm.CostAt(model, Sizes[0].Height, Sizes[0].Width).Params;
        File.WriteAllText(Path.Combine(place, "parameters.txt"), parameters.ToString(CultureInfo.InvariantCulture));
        using var session = OnnxSession.Open(converted);
        var tensors = new List<NamedTensor>();
        foreach (var (height, width) in model.Graph.Nodes.Any(n => n.OpType == "MaxPool") ? LargeSizes : Sizes)
        {
            var inputs = session.Inputs.ToDictionary(i => i.Name, i => RandomInput.For(i, height, width, seed: 7));
            var outputs = session.Run(inputs);
            tensors.AddRange(session.Inputs.Select((input, i) => Named($"{height}x{width}/in/{i}", inputs[input.Name])));
            tensors.AddRange(session.Outputs.Select((output, i) => Named($"{height}x{width}/out/{i}", outputs[output.Name])));
        }

        using var stream = File.Create(Path.Combine(place, "reference.safetensors"));
        SafetensorsWriter.Write(stream, tensors, []);
    }

    private static NamedTensor Named(string name, Tensor tensor) => new(name, TensorData.Of(tensor.Data, tensor.Dims));

    private static int Tool(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = Cli.Program.Run(args, output, error);
        if (code > 1 || (code == 1 && args[0] == "export-pytorch"))
            Console.Error.WriteLine($"mssr-convert {string.Join(' ', args)}: exit code {code}\n{error}");
        return code;
    }
}
