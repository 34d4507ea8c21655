using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.Verification;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Runtime;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>deploy MODEL</c>: writes the form of a model that runs fastest.</summary>
internal sealed class DeployCommand(CommandConsole console)
{
    // Other orders of summation differ by rounding alone.
    private const double SameUpToRounding = 1e-5;
    private static readonly int[] Blocks = [8, 16];

    private readonly Argument<FileInfo> _model = new("MODEL")
    {
        Description = "The ONNX model, converted or not.",
        Arity = ArgumentArity.ExactlyOne
    };

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file to write (default: <name>.deploy.onnx beside the model).",
        HelpName = "FILE",
    };

    private readonly Option<string> _target = Choice("--target", "What will run the model.", "cpu", "cuda", "tensorrt");

    private readonly Option<int?> _align = new("--align")
    {
        Description = "Channels that the target computes at once (default: this processor's; 8 for GPUs).",
        HelpName = "8|16",
    };

    private readonly Option<bool> _half =
        new("--half") { Description = "Weights and activations in float16; inputs and outputs stay float32." };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite an existing output file." };

    private readonly Option<bool> _noCheck =
        new("--no-check") { Description = "Don't compare the result with the model in ONNX Runtime." };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var deploy = new DeployCommand(console);
        deploy._align.Validators.Add(result =>
        {
            if (!Blocks.Contains(result.GetValueOrDefault<int>()))
                result.AddError("--align: use 8 or 16.");
        });
        var command = new Command("deploy", "Write the form of a model that runs fastest; it computes the same.")
        {
            deploy._model, deploy._output, deploy._target, deploy._align, deploy._half, deploy._force, deploy._noCheck,
            deploy._json,
        };
        command.SetAction(deploy.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var source = parsed.GetValue(_model)!;
        var output = parsed.GetValue(_output)
            ?? new FileInfo(Path.Combine(source.DirectoryName!, $"{Path.GetFileNameWithoutExtension(source.Name)}.deploy.onnx"));
        var model = ModelFile.Read(source.FullName);
        OutputFile.Check(output, parsed.GetValue(_force), source);
        var options = new DeployOptions
        {
            Target = Enum.Parse<DeployTarget>(parsed.GetValue(_target)!, ignoreCase: true),
            Align = parsed.GetValue(_align),
            Half = parsed.GetValue(_half),
        };
        var result = Deployer.Deploy(model, options, NodeRunner.Run);
        foreach (var diagnostic in result.Diagnostics)
            console.Report(diagnostic);
        var difference = parsed.GetValue(_noCheck) ? null : Compare(source, result.Model, output, options);
        OnnxFile.Write(result.Model, output.FullName);
        Print(parsed.GetValue(_json), output, options, result, difference);
        console.Error.WriteLine($"wrote {output.FullName}");
        return ExitCodes.Ok;
    }

    private double? Compare(FileInfo source, Model deployed, FileInfo output, DeployOptions options)
    {
        if (!Runnable.OrWarn(console, deployed, output.Name))
            return null;
        var before = OnnxFile.ToBytes(ModelFile.Read(source.FullName));
        var difference = OutputDifference.Largest(before, OnnxFile.ToBytes(deployed), output.Name);
        if (!options.Half && !(difference <= SameUpToRounding))
        {
            throw new MsSrException(new Diagnostic("MSSR5110", Severity.Error,
                string.Create(CultureInfo.InvariantCulture,
                    $"it differs from the model by {difference:G2} of the output's range."), output.Name,
                "This is a mistake in the tool; please report it with the model. --no-check writes the file regardless."));
        }

        return difference;
    }

    private void Print(bool json, FileInfo output, DeployOptions options, DeployResult result, double? difference)
    {
        if (json)
        {
            console.Out.WriteLine(JsonSerializer.Serialize(new
            {
                output = output.FullName,
                target = options.Target.ToString().ToLowerInvariant(),
                align = options.Block,
                half = options.Half,
                passes = result.Changes.ToDictionary(),
                difference,
            }));
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn("pass").AddColumn("rewrites");
        foreach (var (pass, count) in result.Changes)
            table.AddRow(Markup.Escape(pass), count.ToString(CultureInfo.InvariantCulture));
        console.Tables().Write(table);
        if (difference is { } share)
        {
            console.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"largest difference: {share:G2} of the output's range"));
        }
    }

    private static Option<string> Choice(string name, string description, params string[] choices)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = string.Join('|', choices),
            DefaultValueFactory = _ => choices[0]
        };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
