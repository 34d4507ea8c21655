using System.CommandLine;
using System.Diagnostics;
using MsSrConvert.Benchmarks;
using MsSrConvert.Calibration;
using MsSrConvert.Calibration.Images;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

var shared = Environment.GetEnvironmentVariable("MSSR_SHARED") is { Length: > 0 } named
    ? named : Path.GetFullPath(Path.Combine("..", "shared"));
var models = new Option<string[]>("--model") { Description = "Only models whose name contains this." };
var branches = new Option<int[]>("--branches")
{
    Description = "Numbers of branches (default: 2, 3, 4).",
    DefaultValueFactory = _ => [2, 3, 4]
};
var results = new Option<string>("--results")
{
    Description = "Where rows are kept (default: artifacts/calibration.jsonl).",
    DefaultValueFactory = _ => Path.Combine("artifacts", "calibration.jsonl")
};
var data = new Option<string>("--data")
{
    Description = "Images to calibrate on (default: BSD200).",
    DefaultValueFactory = _ => Path.Combine(shared, "images", "BSD200")
};
var print = new Option<bool>("--print") { Description = "Only print what has been measured." };
var command = new RootCommand("Calibrates trained networks and prints the table.") { models, branches, results, data, print };
command.SetAction(parsed =>
{
    var file = new ResultFile(parsed.GetValue(results)!);
    var names = parsed.GetValue(models)!;
    var networks = SharedNetwork.All
        .Where(m => names.Length == 0 || names.Any(n => m.Name.Contains(n, StringComparison.OrdinalIgnoreCase))).ToArray();
    foreach (var network in parsed.GetValue(print) ? [] : networks)
    {
        var source = file.Find(network.Name, 0, "", "") ?? Keep(file, Source(shared, network));
        foreach (var variant in network.Variants(parsed.GetValue(branches)!))
        {
            if (file.Find(network.Name, variant.Branches, variant.Interaction.ToString(), variant.FuseAt) is null)
            {
                Keep(file,
                    Repeated(file, shared, network, variant)
                        ?? Calibrated(shared, network, variant, parsed.GetValue(data)!, source));
            }
        }
    }

    new ResultTables(file).Print(networks);
});
return command.Parse(args).Invoke();

static Row Keep(ResultFile file, Row row)
{
    file.Add(row);
    Console.Error.WriteLine(
        $"{row.Model} n={row.Branches} {row.Interaction} {row.FuseAt}: {string.Join(", ", row.Psnr.Select(p => $"{p.Key} {p.Value:0.00} dB"))}{row.Failure} ({row.Seconds:0} s)");
    return row;
}

static Row Source(string shared, SharedNetwork network)
{
    var watch = Stopwatch.StartNew();
    var (baseline, psnr) = Measure(shared, network, PathOf(shared, network));
    return new Row(network.Name, 0, "", "", baseline, psnr, 1, 1, watch.Elapsed.TotalSeconds, 0, 0, null);
}

// Where the upsampler is the last conv both places give one network, and it has been measured.
static Row? Repeated(ResultFile file, string shared, SharedNetwork network, Variant variant)
{
    var last = file.Find(network.Name, variant.Branches, variant.Interaction.ToString(), ConversionOptions.LastConv);
    return last is { Failure: null } && Plan(ConversionOptions.LastConv) is { } roles
        && Plan(variant.FuseAt)?.SequenceEqual(roles) == true
        ? last with { FuseAt = variant.FuseAt }
        : null;

    IReadOnlyList<ConvRole>? Plan(string fuseAt)
    {
        try
        {
            var options = new ConversionOptions
            {
                Branches = variant.Branches,
                Interaction = variant.Interaction,
                FuseAt = fuseAt
            };
            return [.. Converter.Convert(ModelFile.Read(PathOf(shared, network)), options,
                new SliceInitializer()).Plan.Convs.Select(c => c.Role)];
        }
        catch (MsSrException)
        {
            return null;
        }
    }
}

static Row Calibrated(string shared, SharedNetwork network, Variant variant, string images, Row source)
{
    var row = new Row(network.Name, variant.Branches, variant.Interaction.ToString(), variant.FuseAt, source.Baseline, [], 0, 0,
        0, 0, 0, null);
    var path = PathOf(shared, network);
    var converted = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
    try
    {
        using var model = ImageModel.Open(path, network.Contract);
        model.SetFactor(network.Scale);
        var options = new ConversionOptions
        {
            Branches = variant.Branches,
            Interaction = variant.Interaction,
            FuseAt = variant.FuseAt
        };
        var start = Converter.Convert(ModelFile.Read(path), options, new SliceInitializer(), evaluate: NodeRunner.Run);
        var outcome = CalibrationJob.Run(model, start, new CalibrationRequest(new FolderImages(images)), _ => { },
            CancellationToken.None);
        OnnxFile.Write(outcome.Result.Model, converted);
        return row with
        {
            Psnr = Measure(shared, network, converted).Psnr,
            Macs = (double)outcome.Result.Cost.Macs / outcome.Result.Source.Cost.Macs,
            Params = (double)outcome.Result.Cost.Params / outcome.Result.Source.Cost.Params,
            Seconds = outcome.Seconds,
            Solved = outcome.Report.Solved,
            Skipped = outcome.Report.Skipped,
        };
    }
    catch (MsSrException e)
    {
        return row with { Failure = e.Message.Split('\n')[0] };
    }
    finally
    {
        File.Delete(converted);
    }
}

static (Dictionary<string, double> Baseline, Dictionary<string, double> Psnr) Measure(string shared, SharedNetwork network,
    string path)
{
    var scores = network.Sets.ToDictionary(set => set, set => network.Measure(shared, set, path));
    return (scores.ToDictionary(s => s.Key, s => s.Value.Baseline), scores.ToDictionary(s => s.Key, s => s.Value.Model));
}

static string PathOf(string shared, SharedNetwork network) => Path.Combine(shared, "models", network.Name + ".onnx");
