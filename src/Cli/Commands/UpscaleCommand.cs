using System.CommandLine;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Upscaling;
using Spectre.Console;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>upscale IN…</c>: puts images through a model.</summary>
internal sealed class UpscaleCommand(CommandConsole console)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Argument<FileInfo[]> _inputs = new("IN")
    {
        Description = "Images (PNG, JPEG, WebP, TIFF), and folders of them.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<FileInfo> _model = new("--model", "-m")
    {
        Description = "The model.",
        HelpName = "MODEL",
        Required = true
    };

    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file for one image, or the folder for all; a file's extension chooses the format.",
        HelpName = "OUT",
        Required = true,
    };

    private readonly Option<int?> _tile = new("--tile")
    {
        Description =
            "Side of the tiles that large images are cut into, in pixels of the model's input; 0 never cuts. [default: by memory]",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 0, 1 << 20),
    };

    private readonly Option<int?> _overlap = new("--overlap")
    {
        Description = "Pixels that neighbouring tiles share. [default: as far as the model sees, 64 at most]",
        HelpName = "N",
        CustomParser = result => OptionValues.Within(result, 0, 1 << 16),
    };

    private readonly Option<int> _quality = new("--quality")
    {
        Description = "Quality of JPEG and WebP.",
        HelpName = "1..100",
        DefaultValueFactory = _ => 95,
        CustomParser = result => OptionValues.Within(result, 1, 100),
    };

    private readonly ReadingInputs _reading = new();
    private readonly ContractInputs _contract = new();
    private readonly DeviceInputs _device = new();
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite existing images." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var upscale = new UpscaleCommand(console);
        var command = new Command("upscale", "Enlarge or restore images of any size with a model.")
        {
            upscale._inputs, upscale._model, upscale._output, upscale._tile, upscale._overlap, upscale._quality,
            upscale._reading.MaxPixels,
        };
        upscale._contract.AddTo(command);
        upscale._device.AddTo(command);
        command.Options.Add(upscale._force);
        command.Options.Add(upscale._json);
        command.SetAction(upscale.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var session = _device.Session(parsed);
        var tasks = UpscaleBatch.Plan(
            [.. parsed.GetValue(_inputs)!.Select(i => i.FullName)], parsed.GetValue(_output)!.FullName, parsed.GetValue(_force));
        using var model = ImageModel.Open(parsed.GetValue(_model)!.FullName, _contract.Options(parsed), session);
        ContractTable.Print(console, model);
        if (UntrainedModel.Warning(model) is { } warning)
            console.Report(warning);
        var upscaler = new Upscaler(model,
            new UpscaleOptions { Tile = parsed.GetValue(_tile), Overlap = parsed.GetValue(_overlap) });
        var summary = ProgressBar.During(console, show => UpscaleBatch.Run(
            upscaler, tasks, parsed.GetValue(_quality), at => show(Step(at)), console.Token, _reading.Read(console, parsed)));
        if (parsed.GetValue(_json))
            WriteJson(model, summary);
        else
            Print(summary);
        return Report(summary, tasks.Count);
    }

    private int Report(UpscaleSummary summary, int total)
    {
        foreach (var warning in summary.Images.SelectMany(p => p.Report.Warnings).DistinctBy(w => (w.Id, w.Message)))
            console.Report(warning);
        foreach (var failure in summary.Failures)
            console.Report(failure);
        var seconds = summary.Elapsed.TotalSeconds;
        console.Error.WriteLine(string.Create(Culture,
            $"{summary.Images.Count} of {total} images written in {seconds:0.0} s ({summary.Images.Count / Math.Max(seconds, 1e-3):0.00} images/s)"));
        return summary.Failures.Count == 0 ? ExitCodes.Ok : ExitCodes.BadInput;
    }

    private void Print(UpscaleSummary summary)
    {
        if (summary.Images.Count == 0)
            return;
        var table = new Table().Border(TableBorder.Simple).AddColumn("picture").AddColumn("written").AddColumn(
            new TableColumn("width×height").RightAligned())
            .AddColumn(new TableColumn("tiles").RightAligned());
        foreach (var (task, report) in summary.Images)
        {
            table.AddRow(Markup.Escape(Path.GetFileName(task.Input)), Markup.Escape(Shown(task.Output)),
                string.Create(Culture, $"{report.Width}×{report.Height}{(report.Frames > 1 ? $", {report.Frames} frames" : "")}"),
                report.Tiles == 1
                    ? "1" : string.Create(Culture, $"{report.Tiles} of {report.TileSize}, {report.Overlap} shared"));
        }

        console.Tables().Write(table);
    }

    private void WriteJson(ImageModel model, UpscaleSummary summary) => JsonText.Write(console.Out, writer =>
    {
        writer.WriteString("model", model.Name);
        writer.WriteNumber("scale", model.Contract.Factor);
        ContractTable.Write(writer, model);
        writer.WriteList("pictures", summary.Images, image =>
        {
            writer.WriteString("input", image.Task.Input);
            writer.WriteString("output", image.Task.Output);
            writer.WriteNumber("width", image.Report.Width);
            writer.WriteNumber("height", image.Report.Height);
            writer.WriteNumber("frames", image.Report.Frames);
            writer.WriteNumber("tiles", image.Report.Tiles);
            writer.WriteNumber("tile", image.Report.TileSize);
            writer.WriteNumber("overlap", image.Report.Overlap);
        });
        writer.WriteList("failures", summary.Failures, failure =>
        {
            writer.WriteString("input", failure.Where);
            writer.WriteString("id", failure.Id);
            writer.WriteString("message", failure.Message);
        });
        writer.WriteFigure("seconds", summary.Elapsed.TotalSeconds, 3);
    });

    private static string Shown(string path)
    {
        var near = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return near.StartsWith("..", StringComparison.Ordinal) ? path : near;
    }

    private static ProgressBar.Step Step(UpscaleProgress at) => new(
        string.Create(Culture, $"{at.Done + 1}/{at.Total} {Path.GetFileName(at.Current)}"), at.Share,
        at.Done > 0 ? at.PerSecond.ToString("0.00", Culture) + " images/s" : "", at.Remaining);
}
