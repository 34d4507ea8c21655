using System.CommandLine;
using System.Globalization;
using MsSrConvert.Benchmarks;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Runtime.Benchmarks;

var quick = new Option<bool>("--quick") { Description = "128x128 on two threads, fused at the last conv, alone." };
var byPass =
    new Option<bool>("--by-pass") { Description = "The deploy form's passes added one by one, at 128x128 on two threads." };
var profile = new Option<bool>("--profile")
{
    Description =
    "Where the time goes, operator by operator, at the first size and number of threads given."
};
var sizes = new Option<int[]>("--size")
{
    Description = "Sides of the input (default: 64, 128, 256).",
    DefaultValueFactory = _ => [64, 128, 256]
};
var threadCounts = new Option<int[]>("--threads") { Description = "Threads (default: 1, 2).", DefaultValueFactory = _ => [1, 2] };
var places = new Option<string[]>("--fuse-at")
{
    Description = "Where the branches end (default: last, upsampler).",
    DefaultValueFactory = _ => ["last", "upsampler"]
};
var runs = new Option<int>("--runs") { Description = "Timed runs of every model.", DefaultValueFactory = _ => 11 };
var align =
    new Option<int?>("--align") { Description = "Channel block of the deploy form, 8 or 16 (default: this processor's)." };
var command = new RootCommand("Times the patent's SRResNet against its conversions and prints the table.") { quick, byPass,
    profile, sizes, threadCounts, places, runs, align };
command.SetAction(parsed =>
{
    using var models = new TableModels(new DeployOptions { Align = parsed.GetValue(align) });
    var few = parsed.GetValue(quick);
    if (parsed.GetValue(byPass))
    {
        ByPass(models, parsed.GetValue(runs));
    }
    else if (parsed.GetValue(profile))
    {
        Profile(models.FusedAt(parsed.GetValue(places)![0]), parsed.GetValue(sizes)![0], parsed.GetValue(threadCounts)![^1],
            parsed.GetValue(runs));
    }
    else if (few)
    {
        Forms(models, ["last"], [2], [128], parsed.GetValue(runs));
    }
    else
    {
        Forms(models, parsed.GetValue(places)!, parsed.GetValue(threadCounts)!, parsed.GetValue(sizes)!, parsed.GetValue(runs));
    }
});
return command.Parse(args).Invoke();

static void Forms(TableModels models, string[] places, int[] threads, int[] sides, int runs)
{
    Console.WriteLine("| fused at | threads | size | model | ms | ratio to the lowered source | ratio to the source | ideal |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|");
    foreach (var place in places)
    {
        var group = models.FusedAt(place);
        foreach (var (count, side) in threads.SelectMany(t => sides.Select(s => (t, s))))
        {
            var rows = Time(group, side, count, runs);
            foreach (var (model, row) in group.Zip(rows))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {place} | {count} | {side} | {model.Name} | {row.MedianMs:F1} | {rows[1].MedianMs / row.MedianMs:F2} | {rows[0].MedianMs / row.MedianMs:F2} | {model.Ideal:F2} |"));
            }
        }
    }
}

static void ByPass(TableModels models, int runs)
{
    Console.WriteLine("| model | ms | ratio to the train form | gain of the pass |");
    Console.WriteLine("|---|---|---|---|");
    foreach (var branches in new[] { 2, 3, 4 })
    {
        var group = models.ByPass(branches);
        var rows = Time(group, 128, 2, runs);
        for (var i = 0; i < rows.Count; i++)
        {
            var gain = rows[Math.Max(0, i - 1)].MedianMs / rows[i].MedianMs - 1;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {group[i].Name} | {rows[i].MedianMs:F1} | {rows[0].MedianMs / rows[i].MedianMs:F2} | {gain:+0.0 %;-0.0 %;0.0 %} |"));
        }
    }
}

static void Profile(IReadOnlyList<TableModel> group, int side, int threads, int runs)
{
    Console.WriteLine("| model | operator | reads | count | ms |");
    Console.WriteLine("|---|---|---|---|---|");
    foreach (var model in group)
    {
        foreach (var row in OperatorProfile.Take(model.Path, new ImageSize(side, side), threads, runs))
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"| {model.Name} | {row.Operator} | {row.Shapes} | {row.Count} | {row.Ms:F2} |"));
        }
    }
}

static IReadOnlyList<BenchRow> Time(IReadOnlyList<TableModel> group, int side, int threads, int runs) => Bench.Run(
    [.. group.Select(m => m.Path)],
    new BenchOptions { Sizes = [new ImageSize(side, side)], Threads = threads, Runs = runs, Warmup = 2, Spinning = true });
