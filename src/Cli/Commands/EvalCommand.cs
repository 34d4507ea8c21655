using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Cli.Output;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Plots;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Runtime;

namespace MsSrConvert.Cli.Commands;

/// <summary><c>eval MODEL…</c>: PSNR and SSIM as the literature measures them.</summary>
internal sealed class EvalCommand(CommandConsole console)
{
    // What the literature counts multiply-adds for: a result of 1280×720.
    private const int CountedWidth = 1280;
    private const int CountedHeight = 720;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Argument<FileInfo[]> _models = new("MODEL") { Description = "The models.", Arity = ArgumentArity.OneOrMore };

    private readonly Option<DirectoryInfo> _data = new("--data", "-d")
    {
        Description = "Images NAME_HR and NAME_LR, or folders HR and LR, or true images alone (made small by MATLAB's bicubic).",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<bool> _rgb = new("--rgb") { Description = "Measure on the colour channels too, beside luma." };

    private readonly Option<double?> _noise = new("--noise")
    {
        Description = "Noise (standard deviation in grey levels) that restoring models are given to remove from true images.",
        HelpName = "SIGMA",
        CustomParser = OptionValues.Positive,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of the noise.",
        HelpName = "S",
        CustomParser = OptionValues.Whole<ulong>
    };

    private readonly Option<FileInfo> _plot = new("--plot")
    {
        Description = "Draw PSNR against multiply-adds (.png or .svg), and details side by side into NAME.crops.png beside it.",
        HelpName = "FILE",
    };

    private readonly ReadingInputs _reading = new();
    private readonly ContractInputs _contract = new();
    private readonly DeviceInputs _device = new();
    private readonly Option<bool> _force = new("--force") { Description = "Overwrite existing plots." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandConsole console)
    {
        var eval = new EvalCommand(console);
        var command = new Command("eval", "Measure models on test images: PSNR and SSIM as the super-resolution literature does.")
        {
            eval._models, eval._data, eval._rgb, eval._noise, eval._seed, eval._plot,
            eval._reading.MaxPixels,
        };
        eval._contract.AddTo(command);
        eval._device.AddTo(command);
        command.Options.Add(eval._force);
        command.Options.Add(eval._json);
        command.SetAction(eval.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        var session = _device.Session(parsed);
        var plots = PlotFiles(parsed);
        var items = EvalData.Find(parsed.GetValue(_data)!.FullName);
        var paths = parsed.GetValue(_models)!.Select(m => m.FullName).ToArray();
        var models = new List<ImageModel>();
        try
        {
            var contract = _contract.Options(parsed);
            foreach (var path in paths)
                models.Add(ImageModel.Open(path, contract, session));
            foreach (var model in models)
            {
                model.ReadLike(models[0]);
                ContractTable.Print(console, model);
                if (UntrainedModel.Warning(model) is { } warning)
                    console.Report(warning);
            }

            var sheet = new CropSheet();
            var report = Measure(parsed, models, items, sheet);
            var table = new EvalTable(report, paths, [.. paths.Zip(models, Cost)]);
            if (parsed.GetValue(_json))
                table.Write(console.Out, parsed.GetValue(_data)!.FullName);
            else
                table.Print(console.Tables());
            if (plots is var (plot, crops))
                Draw(table, sheet, plot, crops);
            return report.LeftOut.Count == 0 ? ExitCodes.Ok : ExitCodes.BadInput;
        }
        finally
        {
            models.ForEach(m => m.Dispose());
        }
    }

    private EvalReport Measure(ParseResult parsed, List<ImageModel> models, IReadOnlyList<EvalItem> items, CropSheet sheet)
    {
        var evaluator = new Evaluator(models, new EvalOptions
        {
            Scale = _contract.Scale(parsed),
            Rgb = parsed.GetValue(_rgb),
            Luma = _contract.Luma(parsed) ?? LumaRange.Studio,
            NoiseSigma = parsed.GetValue(_noise),
            Seed = parsed.GetValue(_seed),
            Reading = _reading.Read(console, parsed),
        });
        return ProgressBar.During(console, show =>
        {
            var (watch, done) = (Stopwatch.StartNew(), 0);
            show(new ProgressBar.Step(items[0].Name, 0, "", null));
            return evaluator.Run(items, image =>
            {
                sheet.Add(image);
                var elapsed = watch.Elapsed;
                var share = (double)++done / items.Count;
                show(new ProgressBar.Step(string.Create(Culture, $"{done}/{items.Count} {image.Name}"), share,
                    string.Create(Culture, $"{done / elapsed.TotalSeconds:0.00} images/s"), elapsed / share - elapsed));
            }, console.Token);
        });
    }

    private (FileInfo Plot, FileInfo Crops)? PlotFiles(ParseResult parsed)
    {
        if (parsed.GetValue(_plot) is not { } plot)
            return null;
        QualityPlot.CheckName(plot.FullName);
        var crops = new FileInfo(Path.ChangeExtension(plot.FullName, ".crops.png"));
        foreach (var file in new[] { plot, crops })
            OutputFile.Check(file, parsed.GetValue(_force));
        return (plot, crops);
    }

    private void Draw(EvalTable table, CropSheet sheet, FileInfo plot, FileInfo crops)
    {
        QualityPlot.Write(plot.FullName, table.Title, table.Points, (table.Baseline.Name, table.Baseline.Psnr));
        sheet.Write(crops.FullName);
        console.Error.WriteLine($"wrote {plot.FullName} and {crops.FullName}");
    }

    /// <summary>What a model costs for a result of the size that the literature counts for.</summary>
    internal static ModelCost Cost(string path, ImageModel model) =>
        NormalForm.CostAt(ModelFile.Read(path), CountedHeight / model.Contract.NetScale, CountedWidth / model.Contract.NetScale,
            NodeRunner.Run);
}
