using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Verify;
using MsSrConvert.Runtime.Verification;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>verify MODEL</c>: whether a model still is what it was made to be, and runs here.</summary>
internal sealed class VerifyCommand(CommandConsole console)
{
    private const int MostTiesListed = 12;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Argument<FileInfo> _model = new("MODEL")
    {
        Description = "The model to check.",
        Arity = ArgumentArity.ExactlyOne
    };

    private readonly Option<FileInfo> _against = new("--against")
    {
        Description = "The model it was made from: inputs, outputs and their shapes must be alike.",
        HelpName = "SOURCE",
    };

    private readonly Option<RetieMode?> _retie = new("--retie")
    {
        Description = "Re-tie duplicated weights: to their mean, or to the first (finest) copy. Needs -o.",
        HelpName = "mean|first",
        CustomParser = result => OptionValues.Choose<RetieMode?>(result, [("mean", RetieMode.Mean), ("first", RetieMode.First)]),
    };

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file that --retie writes.",
        HelpName = "FILE"
    };

    private readonly Option<bool> _force = new("--force") { Description = "Overwrite an existing output file." };

    private readonly DeviceInputs _device = new();

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var verify = new VerifyCommand(console);
        var command = new Command("verify",
            "Check that a model's shared weights and layers are whole and that it runs; repair shared weights.")
        {
            verify._model, verify._against, verify._retie, verify._output, verify._force,
        };
        verify._device.AddTo(command);
        command.Options.Add(verify._json);
        command.SetAction(verify.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var file = parsed.GetValue(_model)!;
        var session = _device.Session(parsed);
        var (mode, output) = (parsed.GetValue(_retie), parsed.GetValue(_output));
        if (mode is null != output is null)
        {
            throw new MsSrException(new Diagnostic("MSSR3409", Severity.Error,
                mode is null ? "there is nothing to write without --retie." : "the repaired model needs a name.",
                mode is null ? "-o" : "--retie",
                mode is null ? "Add --retie mean or --retie first." : "Give it with -o."));
        }

        var model = ModelFile.Read(file.FullName);
        if (output is not null)
            OutputFile.Check(output, parsed.GetValue(_force), file);
        var structure = ModelVerifier.Check(model);
        var found = new Outcome(file.FullName, structure, [],
            structure.Ties.Where(t => t.IsBroken).Select(BrokenTie.Of).ToArray(), null);
        if (mode is { } how)
        {
            Repair(model, structure, how, file, output!);
            found = found with { Structure = ModelVerifier.Check(ModelFile.Read(output!.FullName)), Written = output.FullName };
        }

        found = found with { Runs = RunCheck.Run((output ?? file).FullName, parsed.GetValue(_against)?.FullName, session) };
        if (parsed.GetValue(_json))
            WriteJson(found);
        else
            Print(found);
        return Report(found, parsed.GetValue(_retie) is null);
    }

    private static void Repair(Model model, StructureReport structure, RetieMode mode, FileInfo file, FileInfo output)
    {
        if (structure.Metadata is null or { IsDeployed: true })
        {
            throw new MsSrException(new Diagnostic("MSSR3410", Severity.Error,
                structure.Metadata is null
                    ? "the model doesn't say which weights are shared." : "the deploy form may write shared weights apart.",
                file.Name, "Give the trained model of a conversion, in the train form."));
        }

        Retie.Run(model, structure.Ties, mode);
        OnnxFile.Write(model, output.FullName);
    }

    private int Report(Outcome found, bool canRepair)
    {
        if (found.Written is not null)
        {
            console.Error.WriteLine(
                string.Create(Culture, $"wrote {found.Written}: {found.Broken.Count} shared weights made one again"));
        }

        if (found.Passed)
            return ExitCodes.Ok;
        var failed = found.Structure.Findings.Count(f => f.Status == FindingStatus.Failed) + found.Runs.Count(r => !r.Passed);
        throw new MsSrException(new Diagnostic("MSSR5007", Severity.Error,
            string.Create(Culture, $"{failed} {(failed == 1 ? "check" : "checks")} failed."), found.Model,
            canRepair && found.Broken.Count > 0 ? "--retie mean -o FILE makes one weight of the copies." : null));
    }

    private void Print(Outcome found)
    {
        var tables = console.Tables();
        var table = new Table().Border(TableBorder.Simple).AddColumn("check").AddColumn("").AddColumn("found");
        foreach (var finding in found.Structure.Findings)
            table.AddRow(Markup.Escape(finding.Check), Word(finding.Status), Markup.Escape(finding.Detail));
        foreach (var run in found.Runs)
            table.AddRow(Markup.Escape(run.Check), Word(StatusOf(run)), Markup.Escape(run.Detail));
        tables.Write(table);
        if (found.Broken.Count == 0)
            return;
        var ties =
            new Table().Border(TableBorder.Simple).AddColumn("shared weight").AddColumn(new TableColumn("copies").RightAligned())
            .AddColumn(new TableColumn("apart by up to").RightAligned()).AddColumn("read by");
        foreach (var tie in found.Broken.Take(MostTiesListed))
        {
            ties.AddRow(Markup.Escape(tie.Name), tie.Copies.ToString(Culture), tie.Apart,
                Markup.Escape(string.Join(", ", tie.Nodes)));
        }

        tables.Write(ties);
        if (found.Broken.Count > MostTiesListed)
            tables.WriteLine(string.Create(Culture, $"  … and {found.Broken.Count - MostTiesListed} more"));
    }

    private void WriteJson(Outcome found) => JsonText.Write(console.Out, writer =>
    {
        writer.WriteString("model", found.Model);
        writer.WriteBoolean("passed", found.Passed);
        writer.WriteString("form", found.Structure.Metadata?.Form);
        writer.WriteList("checks", found.Structure.Findings.Select(f => (f.Check, f.Status, f.Detail))
            .Concat(found.Runs.Select(r => (r.Check, StatusOf(r), r.Detail))), check =>
        {
            writer.WriteString("check", check.Item1);
            writer.WriteString("status", check.Item2.ToString().ToLowerInvariant());
            writer.WriteString("detail", check.Item3);
        });
        writer.WriteList("broken_ties", found.Broken, tie => tie.Write(writer));
        writer.WriteString("written", found.Written);
    });

    private static FindingStatus StatusOf(CheckResult run) =>
        !run.Tried ? FindingStatus.Skipped : run.Passed ? FindingStatus.Passed : FindingStatus.Failed;

    private static string Word(FindingStatus status) => status switch
    {
        FindingStatus.Passed => "[green]ok[/]",
        FindingStatus.Failed => "[red]failed[/]",
        _ => "[grey]not checked[/]",
    };

    /// <summary>
    /// What was found; with a repair, <paramref name="Structure"/> and <paramref name="Runs"/> are the repaired model's.
    /// </summary>
    private sealed record Outcome(
        string Model, StructureReport Structure, IReadOnlyList<CheckResult> Runs, IReadOnlyList<BrokenTie> Broken,
        string? Written)
    {
        public bool Passed => Structure.Findings.All(f => f.Status != FindingStatus.Failed) && Runs.All(r => r.Passed);
    }

    /// <summary>A broken tie as it was found, before any repair.</summary>
    private sealed record BrokenTie(string Name, IReadOnlyList<string> Nodes, int Copies, double MaxDifference)
    {
        public static BrokenTie Of(TieState tie) => new(tie.Tie.Name, tie.Tie.Nodes, tie.Copies.Count, tie.MaxDifference());

        public string Apart =>
            double.IsNaN(MaxDifference) ? "other shapes" : MaxDifference == 0 ? "equal" : MaxDifference.ToString("G3", Culture);

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteString("name", Name);
            writer.WriteStartArray("nodes");
            foreach (var node in Nodes)
                writer.WriteStringValue(node);
            writer.WriteEndArray();
            writer.WriteNumber("copies", Copies);
            writer.WriteFigure("max_difference", MaxDifference, 9);
        }
    }
}
