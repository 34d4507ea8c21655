using System.CommandLine;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Verify;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>calibrate CONVERTED</c>: solves a converted model's layers against the model it was made from.</summary>
internal sealed class CalibrateCommand
{
    private readonly CommandConsole _console;
    private readonly CalibrationInputs _calibration;

    private readonly Argument<FileInfo> _converted = new("CONVERTED")
    {
        Description = "The converted model, in train form.",
        Arity = ArgumentArity.ExactlyOne
    };

    private readonly Option<FileInfo> _teacher = new("--teacher")
    {
        Description = "The trained model it was made from.",
        HelpName = "SOURCE",
        Required = true
    };

    private readonly Option<DirectoryInfo> _data = new("--data", "-d")
    {
        Description = "A folder of 20 to 100 ordinary photographs (default: synthetic images).",
        HelpName = "DIR",
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Chooses the patches.",
        HelpName = "S",
        CustomParser = OptionValues.Whole<long>
    };

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file to write (default: <name>.calibrated.onnx beside the model).",
        HelpName = "FILE",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite an existing output file." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    private CalibrateCommand(CommandConsole console) => (_console, _calibration) = (console, new CalibrationInputs(_seed));

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var calibrate = new CalibrateCommand(console);
        var command = new Command("calibrate",
            "Make a converted model work without training: its layers are solved against the trained source's.")
        {
            calibrate._converted, calibrate._teacher, calibrate._data, calibrate._output, calibrate._seed,
        };
        calibrate._calibration.AddTo(command);
        command.Options.Add(calibrate._force);
        command.Options.Add(calibrate._json);
        command.SetAction(calibrate.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var (file, teacher) = (parsed.GetValue(_converted)!, parsed.GetValue(_teacher)!);
        var output = parsed.GetValue(_output)
            ?? new FileInfo(Path.Combine(file.DirectoryName!, $"{Path.GetFileNameWithoutExtension(file.Name)}.calibrated.onnx"));
        var converted = ModelFile.Read(file.FullName);
        var source = ModelFile.Read(teacher.FullName);
        OutputFile.Check(output, parsed.GetValue(_force), file, teacher);
        var start = Converter.Convert(source, Reconversion.Options(converted, file.Name), new SliceInitializer(),
            evaluate: NodeRunner.Run);
        Reconversion.RequireSame(converted, start.Model, file.Name, teacher.Name);

        var outcome = _calibration.Run(_console, parsed, teacher, parsed.GetValue(_data), start);
        var table = new CalibrationTable(outcome);
        using (var staged = StagedModel.Write(outcome.Result.Model, output.FullName))
        {
            ModelCheck.Run(staged.Path, output.Name, outcome.Result.Trials().Select(t => (t.Inputs, t.Outputs)));
            _console.Token.ThrowIfCancellationRequested();
            staged.Commit();
        }

        if (parsed.GetValue(_json))
        {
            JsonText.Write(_console.Out, writer =>
            {
                writer.WriteString("output", output.FullName);
                table.Write(writer);
            });
        }
        else
        {
            table.Print(_console.Tables());
        }

        table.Report(_console);
        _console.Error.WriteLine($"wrote {output.FullName}");
        return ExitCodes.Ok;
    }
}
