using System.Globalization;
using System.Text.Json;
using MsSrConvert.Calibration;
using MsSrConvert.GraphIR;
using Spectre.Console;

namespace MsSrConvert.Cli.Output;

/// <summary>A calibration's result, for people and for machines.</summary>
internal sealed class CalibrationTable(CalibrationOutcome outcome)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    // Below that the eye sees another image than the source's.
    private const double Usable = 25;

    /// <summary>What is shown.</summary>
    public CalibrationOutcome Outcome => outcome;

    /// <summary>Prints every layer and the summary.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("layer").NoWrap()).AddColumn("role")
            .AddColumn(new TableColumn("relative error, branch by branch").RightAligned()).AddColumn(
                new TableColumn("condition").RightAligned());
        foreach (var layer in outcome.Report.Layers)
        {
            table.AddRow(Markup.Escape(layer.Layer), layer.Role, Markup.Escape(Result(layer)),
                layer.Condition > 0 ? layer.Condition.ToString("G2", Culture) : "");
        }

        console.Write(table);
        var layers = outcome.Report.Layers;
        console.WriteLine(string.Create(Culture,
            $"{layers.Count} layers: {outcome.Report.Solved} solved, {outcome.Report.Skipped} not; {outcome.Sweeps} sweeps; {outcome.Patches} patches of {outcome.Height}×{outcome.Width} from {outcome.Images}"));
        console.WriteLine(string.Create(Culture,
            $"output against the source's, on images held back: {Db(outcome.Before)} before, {Db(outcome.After)} after; {outcome.Seconds:0.0} s"));
    }

    /// <summary>Tells what had to be done otherwise, and whether it was for nothing.</summary>
    public void Report(CommandConsole console)
    {
        foreach (var note in outcome.Notes)
            console.Report(new Diagnostic("MSSR5301", Severity.Warning, note));
        if (!(outcome.After > outcome.Before))
        {
            console.Report(new Diagnostic("MSSR5302", Severity.Warning,
                "the calibrated network does not improve on the initial weights.",
                Hint: "Take fewer branches, or more, or more ordinary, images; see what the table says of the layers."));
        }
        else if (outcome.After < Usable)
        {
            console.Report(new Diagnostic("MSSR5303", Severity.Warning,
                $"the calibrated network agrees with the source to {Db(outcome.After)} only: it has to be trained before it is of use.", Hint: "Or take fewer branches, or end them earlier (--fuse-at upsampler)."));
        }
    }

    /// <summary>Writes it as a JSON object named <c>calibration</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("calibration");
        writer.WriteString("pictures", outcome.Images);
        writer.WriteNumber("patches", outcome.Patches);
        writer.WriteString("patch_size", string.Create(Culture, $"{outcome.Height}x{outcome.Width}"));
        writer.WriteNumber("sweeps", outcome.Sweeps);
        writer.WriteFigure("validation_before", outcome.Before, 3);
        writer.WriteFigure("validation_after", outcome.After, 3);
        writer.WriteNumber("solved", outcome.Report.Solved);
        writer.WriteNumber("skipped", outcome.Report.Skipped);
        writer.WriteList("layers", outcome.Report.Layers, layer =>
        {
            writer.WriteString("layer", layer.Layer);
            writer.WriteString("role", layer.Role);
            writer.WriteStartArray("errors");
            foreach (var error in layer.Errors)
                writer.WriteNumberValue(Math.Round(error, 5));
            writer.WriteEndArray();
            writer.WriteFigure("condition", layer.Condition > 0 ? layer.Condition : null, 1);
            writer.WriteString("skipped", layer.Skipped);
        });
        writer.WriteFigure("seconds", outcome.Seconds, 2);
        writer.WriteEndObject();
    }

    private static string Result(LayerReport layer) => layer.Skipped is { } reason ? $"not solved: {reason}"
        : layer.Errors.Count == 0 ? "exact as it is"
        : string.Join("  ", layer.Errors.Select(e => e.ToString("P1", Culture)));

    private static string Db(double value) => value.ToString("0.00 dB", Culture);
}
