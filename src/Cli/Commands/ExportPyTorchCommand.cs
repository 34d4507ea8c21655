using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch;
using MsSrConvert.PyTorch.Folder;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>export-pytorch MODEL -o DIR</c>: a folder in which the model is trained with PyTorch.</summary>
internal static class ExportPyTorchCommand
{
    // The side at which finetune.py finds out how much a network enlarges.
    private const int ReferenceSide = 96;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var model = new Argument<FileInfo>("MODEL")
        {
            Description = "The ONNX model, converted or not.",
            Arity = ArgumentArity.ExactlyOne
        };
        var output = new Option<DirectoryInfo>("--output", "-o")
        {
            Description = "The folder to write.",
            HelpName = "DIR",
            Required = true
        };
        var force = new Option<bool>("--force") { Description = "Replace the files of an export in a folder that isn't empty." };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("export-pytorch",
            "Write a model as PyTorch code with its weights, ready to be trained.") { model, output, force, json };
        command.SetAction(parsed =>
        {
            var (source, folder) = (parsed.GetValue(model)!, parsed.GetValue(output)!);
            OutputFile.CheckFolder(folder, parsed.GetValue(force));
            var module = PyTorchWriter.Write(TrainableModel.Read(source), source.Name);
            ExportFolder.Write(folder.FullName, module, source.Name, Reference(source, console));
            if (parsed.GetValue(json))
            {
                console.Out.WriteLine(
                    JsonSerializer.Serialize(
                        new
                        {
                            output = folder.FullName,
                            parameters = module.Parameters,
                            tensors = module.Tensors.Count,
                            layers = module.Layers
                        }));
            }
            else
            {
                console.Out.WriteLine(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{module.Parameters:N0} trainable parameters in {module.Tensors.Count} tensors, {module.Layers} multi-scale layers"));
            }

            console.Error.WriteLine($"wrote {folder.FullName}");
            return ExitCodes.Ok;
        });
        return command;
    }

    // What ONNX Runtime makes of noise: training in PyTorch begins by comparing with it. Networks of several inputs aren't
    // trained by finetune.py.
    private static IReadOnlyList<NamedTensor> Reference(FileInfo source, CommandConsole console)
    {
        try
        {
            using var session = OnnxSession.Open(source.FullName);
            if (session.Inputs.Count != 1)
                return [];
            var input = RandomInput.For(session.Inputs[0], ReferenceSide, ReferenceSide, seed: 11);
            return [Named("input", input), Named("output", session.Run(input))];
        }
        catch (MsSrException e)
        {
            console.Report(
                e.Diagnostic with
                {
                    Severity = Severity.Warning,
                    Hint = "finetune.py can't compare PyTorch with ONNX Runtime for this model."
                });
            return [];
        }

        static NamedTensor Named(string name, Tensor tensor) => new(name, TensorData.Of(tensor.Data, tensor.Dims));
    }
}
