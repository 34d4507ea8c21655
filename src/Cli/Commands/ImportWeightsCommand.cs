using System.CommandLine;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Passes.Verify;
using MsSrConvert.PyTorch.Import;
using MsSrConvert.PyTorch.Safetensors;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>import-weights MODEL --from FILE -o OUT</c>: puts trained values back into a model.</summary>
internal sealed class ImportWeightsCommand(CommandConsole console)
{
    private readonly Argument<FileInfo> _model = new("MODEL")
    {
        Description = "The model that was exported.",
        Arity = ArgumentArity.ExactlyOne
    };

    private readonly Option<FileInfo> _from = new("--from")
    {
        Description =
            "The trained weights: .safetensors, a PyTorch checkpoint (.pth, .pt, .ckpt; needs Python with PyTorch) or .onnx.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file to write.",
        HelpName = "OUT",
        Required = true
    };

    private readonly Option<bool> _partial =
        new("--partial") { Description = "Take what matches: other weights keep their values, other tensors are ignored." };

    private readonly Option<CopyMode> _retie = new("--retie")
    {
        Description = "Re-tie duplicated weights that were trained apart: their mean, or the first (finest) one.",
        HelpName = "mean|first",
        CustomParser = result => OptionValues.Choose(result, [("mean", CopyMode.Mean), ("first", CopyMode.First)]),
    };

    private readonly Option<bool> _nonFinite =
        new("--allow-nonfinite") { Description = "Import weights that are NaN or infinite too." };

    private readonly Option<string> _key = new("--key")
    {
        Description =
        "The checkpoint's entry that holds the weights (default: params_ema, params, state_dict …).",
        HelpName = "NAME"
    };

    private readonly Option<string> _python = new("--python")
    {
        Description =
        "The Python that reads a checkpoint (default: the first one found that has PyTorch).",
        HelpName = "PATH"
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite an existing output file." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var import = new ImportWeightsCommand(console);
        var command = new Command("import-weights", "Put trained weights back into a model.")
        {
            import._model, import._from, import._output, import._partial, import._retie, import._nonFinite, import._key,
            import._python, import._force, import._json,
        };
        command.SetAction(import.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (file, output, from) = (parsed.GetValue(_model)!, parsed.GetValue(_output)!, parsed.GetValue(_from)!);
        OutputFile.Check(output, parsed.GetValue(_force), file, from);
        var model = TrainableModel.Read(file);
        var report = WeightImport.Apply(model, Tensors(parsed, from), from.FullName, parsed.GetValue(_partial),
            parsed.GetValue(_retie), parsed.GetValue(_nonFinite));
        if (model.GetMetadata(MetadataKeys.Start) is not null)
            model.SetMetadata(MetadataKeys.Start, "imported");
        var structure = ModelVerifier.Check(model);
        RequireTies(structure, file);
        OnnxFile.Write(model, output.FullName);
        if (parsed.GetValue(_json))
            WriteJson(output, report, structure);
        else
            Print(report, structure);
        console.Error.WriteLine($"wrote {output.FullName}");
        return ExitCodes.Ok;
    }

    private static void RequireTies(StructureReport structure, FileInfo file)
    {
        if (Ties(structure) is { Status: FindingStatus.Failed } broken)
        {
            throw new MsSrException(
                new Diagnostic("MSSR5504", Severity.Error, $"the model isn't what its metadata says: {broken.Detail}.", file.Name,
                "Give the model as it was converted, or repair it with verify --retie first."));
        }
    }

    private static StructureFinding? Ties(StructureReport structure) => structure.Findings.FirstOrDefault(f => f.Check == "ties");

    private IReadOnlyList<GivenTensor> Tensors(ParseResult parsed, FileInfo from)
    {
        if (!from.Exists)
        {
            throw new MsSrException(
                new Diagnostic("MSSR1505", Severity.Error, "there is no such file.", from.FullName,
                    "Check the path's spelling."));
        }

        return from.Extension.ToLowerInvariant() switch
        {
            ".safetensors" => GivenTensor.Of(SafetensorsReader.Read(from.FullName).Tensors),
            ".onnx" => GivenTensor.Of(TrainableModel.Lifted(from)),
            ".pth" or ".pt" or ".ckpt" or ".bin" =>
                GivenTensor.Of(CheckpointReader.Read(from.FullName, parsed.GetValue(_key), parsed.GetValue(_python)).Tensors),
            _ => throw new MsSrException(new Diagnostic("MSSR3502", Severity.Error,
                "weights can't be read from a file of this kind.", from.FullName,
                "Give a .safetensors, .pth, .pt, .ckpt or .onnx file.")),
        };
    }

    private void Print(ImportReport report, StructureReport structure)
    {
        console.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{report.Updated} weights imported, {report.Missing.Count} missing, {report.Unexpected.Count} unexpected"));
        foreach (var name in report.Missing)
            console.Out.WriteLine($"  missing: {name}");
        foreach (var name in report.Unexpected)
            console.Out.WriteLine($"  unexpected: {name}");
        foreach (var name in report.Joined)
            console.Out.WriteLine($"  made one of its copies: {name}");
        if (Ties(structure) is { } ties)
            console.Out.WriteLine($"ties: {ties.Detail}");
    }

    private void WriteJson(FileInfo output, ImportReport report, StructureReport structure) =>
        JsonText.Write(console.Out, writer =>
    {
        void List(string name, IEnumerable<string> items)
        {
            writer.WriteStartArray(name);
            foreach (var item in items)
                writer.WriteStringValue(item);
            writer.WriteEndArray();
        }

        writer.WriteString("output", output.FullName);
        writer.WriteNumber("updated", report.Updated);
        List("missing", report.Missing);
        List("unexpected", report.Unexpected);
        List("joined", report.Joined);
        writer.WriteString("ties", Ties(structure)?.Detail);
    });
}
