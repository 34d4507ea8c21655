using System.CommandLine;
using System.Diagnostics;
using MsSrConvert.Benchmarks;
using MsSrConvert.Calibration;
using MsSrConvert.Calibration.Pictures;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes.Analysis;
using MsSrConvert.Runtime.ImageModels;

var shared = Environment.GetEnvironmentVariable("MSSR_SHARED") is { Length: > 0 } named ? named : Path.GetFullPath(Path.Combine("..", "shared"));
var models = new Option<string[]>("--model") { Description = "Only models whose name contains this." };
var branches = new Option<int[]>("--branches") { Description = "Numbers of branches (default: 2, 3, 4).", DefaultValueFactory = _ => [2, 3, 4] };
var results = new Option<string>("--results") { Description = "Where rows are kept (default: artifacts/calibration.jsonl).", DefaultValueFactory = _ => Path.Combine("artifacts", "calibration.jsonl") };
var data = new Option<string>("--data") { Description = "Pictures to calibrate on (default: BSD200).", DefaultValueFactory = _ => Path.Combine(shared, "images", "BSD200") };
var print = new Option<bool>("--print") { Description = "Only print what has been measured." };
var command = new RootCommand("Calibrates trained networks and prints the table.") { models, branches, results, data, print };
command.SetAction(parsed =>
{
    var file = new ResultFile(parsed.GetValue(results)!);
    var names = parsed.GetValue(models)!;
    var networks = SharedNetwork.All.Where(m => names.Length == 0 || names.Any(n => m.Name.Contains(n, StringComparison.OrdinalIgnoreCase))).ToArray();
    foreach (var network in parsed.GetValue(print) ? [] : networks)
    {
        var source = file.Find(network.Name, 0, "", "") ?? Keep(file, Source(shared, network));
        foreach (var variant in network.Variants(parsed.GetValue(branches)!))
        {
            if (file.Find(network.Name, variant.Branches, variant.Interaction.ToString(), variant.FuseAt) is null)
                Keep(file, Calibrated(shared, network, variant, parsed.GetValue(data)!, source));
        }
    }

    Print(file, networks);
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

static Row Calibrated(string shared, SharedNetwork network, Variant variant, string pictures, Row source)
{
    var row = new Row(network.Name, variant.Branches, variant.Interaction.ToString(), variant.FuseAt, source.Baseline, [], 0, 0, 0, 0, 0, null);
    var path = PathOf(shared, network);
    var converted = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
    try
    {
        using var model = ImageModel.Open(path, network.Contract);
        model.SetFactor(network.Scale);
        var outcome = CalibrationJob.Run(model, () => OnnxFile.Read(path), new CalibrationRequest(new FolderPictures(pictures))
        {
            Conversion = new ConversionOptions { Branches = variant.Branches, Interaction = variant.Interaction, FuseAt = variant.FuseAt },
        }, _ => { }, CancellationToken.None);
        OnnxFile.Write(outcome.Result.Model, converted);
        return row with
        {
            Psnr = Measure(shared, network, converted).Psnr,
            Macs = (double)outcome.Result.Converted.Macs / outcome.Result.Source.Macs,
            Params = (double)outcome.Result.Converted.Params / outcome.Result.Source.Params,
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

static (Dictionary<string, double> Baseline, Dictionary<string, double> Psnr) Measure(string shared, SharedNetwork network, string path)
{
    var scores = network.Sets.ToDictionary(set => set, set => network.Measure(shared, set, path));
    return (scores.ToDictionary(s => s.Key, s => s.Value.Baseline), scores.ToDictionary(s => s.Key, s => s.Value.Model));
}

static string PathOf(string shared, SharedNetwork network) => Path.Combine(shared, "models", network.Name + ".onnx");

static void Print(ResultFile file, IReadOnlyList<SharedNetwork> networks)
{
    Console.WriteLine("| network | fused at | interaction | n | multiply-adds | parameters | Set5 | Set14 | layers | s |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
    foreach (var row in networks.SelectMany(n => file.Rows.Where(r => r.Model == n.Name && r.Failure?.Contains("MSSR2004", StringComparison.Ordinal) != true)))
    {
        if (row.Branches == 0)
            Console.WriteLine($"| {row.Model} | | input or bicubic | | | | {Score(row.Baseline, "Set5")} | {Score(row.Baseline, "Set14")} | | |");
        Console.WriteLine(row switch
        {
            { Branches: 0 } => $"| {row.Model} | | source | | 100 % | 100 % | {Score(row.Psnr, "Set5")} | {Score(row.Psnr, "Set14")} | | |",
            { Failure: { } failure } => $"| {row.Model} | {row.FuseAt} | {row.Interaction} | {row.Branches} | | | {failure} | | | |",
            _ => $"| {row.Model} | {row.FuseAt} | {row.Interaction} | {row.Branches} | {row.Macs:P1} | {row.Params:P1} | {Score(row.Psnr, "Set5")} | {Score(row.Psnr, "Set14")} | {row.Solved} of {row.Solved + row.Skipped} | {row.Seconds:0} |",
        });
    }
}

static string Score(Dictionary<string, double> scores, string set) =>
    scores.TryGetValue(set, out var psnr) ? $"{psnr:0.00}" : "";
