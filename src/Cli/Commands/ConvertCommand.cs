using System.CommandLine;
using System.Globalization;
using MsSrConvert.Calibration;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary>The root command: converts a model and writes the result.</summary>
internal sealed class ConvertCommand
{
    private readonly CommandConsole _console;
    private readonly ConversionInputs _inputs = new();

    private readonly Option<DirectoryInfo> _calibrate = new("--calibrate")
    {
        Description =
            "Solve the layers against the trained model's own features, on the images of a folder or on synthetic ones.",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly CalibrationInputs _calibration;

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file to write (default: <name>.ms<N>.onnx beside the model).",
        HelpName = "FILE",
    };

    private readonly Option<string> _form = new("--form")
    {
        Description = "train: shared kernels stay shared, to be fine-tuned; deploy: rewritten for speed on the processor.",
        HelpName = "train|deploy",
        DefaultValueFactory = _ => "train",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite an existing output file." };

    private readonly Option<bool> _noCheck =
        new("--no-check") { Description = "Don't load and run the result with ONNX Runtime." };

    private ConvertCommand(CommandConsole console) => (_console, _calibration) = (console, new CalibrationInputs(_inputs.Seed));

    /// <summary>Makes a command convert.</summary>
    public static void AddTo(Command command, CommandConsole console)
    {
        var convert = new ConvertCommand(console);
        convert._inputs.AddTo(command);
        command.Options.Add(convert._output);
        convert._form.AcceptOnlyFromAmong("train", MetadataKeys.DeployForm);
        command.Options.Add(convert._form);
        command.Options.Add(convert._force);
        command.Options.Add(convert._noCheck);
        command.Options.Add(convert._calibrate);
        convert._calibration.AddTo(command);
        command.SetAction(convert.Run);
    }

    private int Run(ParseResult parsed)
    {
        var source = parsed.GetValue(_inputs.Model)!;
        var output = parsed.GetValue(_output) ?? DefaultOutput(source, _inputs.Branches(parsed));
        var calibrates = Calibrates(parsed);
        var model = _inputs.Read(parsed);
        OutputFile.Check(output, parsed.GetValue(_force), source);
        var result = _inputs.Convert(parsed, model);
        foreach (var diagnostic in result.Diagnostics)
            _console.Report(diagnostic);
        if (result.Plan.ConvertedConvs == 0)
        {
            if (!parsed.GetValue(_noCheck) && SourceCheck.WhyRefused(source, result.CostShapes) is { } refused)
                _console.Report(refused with { Severity = Severity.Warning });
            throw new MsSrException(Declined(source, result));
        }

        if (_inputs.IsRandom(parsed))
            FitStart(source, result);
        var calibrated = calibrates ? new CalibrationTable(Calibrate(parsed, source, result)) : null;
        result = calibrated?.Outcome.Result ?? result;
        if (parsed.GetValue(_form) == MetadataKeys.DeployForm)
            Deployer.Deploy(result.Model, new DeployOptions(), NodeRunner.Run);
        ModelCheck.RequireInterface(result.Model, output.Name, result.Source.Inputs, result.Source.Outputs);
        var isRun = !parsed.GetValue(_noCheck) && Runnable.OrWarn(_console, result.Model, output.Name);
        if (isRun)
            SourceContract.Write(result.Model, source.FullName, result.Source.Cost.Macs);
        _console.Token.ThrowIfCancellationRequested();
        using (var staged = StagedModel.Write(result.Model, output.FullName))
        {
            if (isRun)
                Check(staged, result, source, output);
            _console.Token.ThrowIfCancellationRequested();
            staged.Commit();
        }

        if (_inputs.WantsJson(parsed))
            ConversionJson.Write(_console.Out, result, output.FullName, calibrated);
        else
            Print(result, calibrated);
        calibrated?.Report(_console);
        _console.Error.WriteLine($"wrote {output.FullName}");
        return ExitCodes.Ok;
    }

    private bool Calibrates(ParseResult parsed)
    {
        var calibrates = parsed.GetResult(_calibrate) is not null;
        if (!calibrates && _calibration.FirstGiven(parsed) is { } option)
        {
            throw new MsSrException(new Diagnostic("MSSR3302", Severity.Error,
                "this option requires --calibrate.", option,
                "Add --calibrate, with a folder of photographs where there is one."));
        }

        if (calibrates && _inputs.HasStart(parsed))
        {
            throw new MsSrException(new Diagnostic("MSSR3303", Severity.Error,
                "calibrated weights take the place of the starting ones.", "--init", "Leave out either --init or --calibrate."));
        }

        return calibrates;
    }

    private CalibrationOutcome Calibrate(ParseResult parsed, FileInfo source, Converted start) =>
        _calibration.Run(_console, parsed, source, parsed.GetValue(_calibrate), start);

    // A model that can't be run on images can still be trained.
    private void FitStart(FileInfo source, Converted start)
    {
        try
        {
            using var model = ImageModel.Open(source.FullName);
            RandomStartFit.Run(model, start);
        }
        catch (MsSrException e)
        {
            _console.Report(new Diagnostic("MSSR5305", Severity.Warning,
                $"the random start follows the source's kernels, not its features, since the source can't be run on synthetic images: {e.Diagnostic.Message}",
                source.Name, "If the source is a trained model, train from --init slice instead."));
        }
    }

    private void Print(Converted result, CalibrationTable? calibrated)
    {
        var tables = _console.Tables();
        calibrated?.Print(tables);
        ConversionTable.Print(tables, result);
    }

    private static void Check(StagedModel staged, Converted result, FileInfo source, FileInfo output)
    {
        try
        {
            ModelCheck.Run(staged.Path, output.Name, result.Trials().Select(t => (t.Inputs, t.Outputs)));
        }
        catch (MsSrException) when (SourceCheck.WhyRefused(source, result.CostShapes) is { } refused)
        {
            throw new MsSrException(refused);
        }
    }

    private static FileInfo DefaultOutput(FileInfo source, int branches) => new(Path.Combine(
        source.DirectoryName!,
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(source.Name)}.ms{branches}.onnx")));

    /// <summary>The message that nothing takes part, with the reasons.</summary>
    public static Diagnostic Declined(FileInfo source, Converted result)
    {
        var reasons = result.Plan.Convs.Count == 0
            ? "it has no convolutions."
            : string.Join("", result.Plan.Convs.Take(12).Select(c => $"\n  {c.Node}: {c.Reason}"))
                + (
                    result.Plan.Convs.Count > 12
                        ? string.Create(CultureInfo.InvariantCulture, $"\n  … and {result.Plan.Convs.Count - 12} more") : "");
        return new Diagnostic("MSSR2001", Severity.Error, $"nothing could be converted: {reasons}", source.Name);
    }
}
