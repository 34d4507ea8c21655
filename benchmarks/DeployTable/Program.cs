using System.CommandLine;
using System.Globalization;
using MsSrConvert.Benchmarks;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Runtime.Benchmarks;

var quick = new Option<bool>("--quick") { Description = "128x128 on two threads, fused at the last conv, alone." };
var sizes = new Option<int[]>("--size") { Description = "Sides of the input (default: 64, 128, 256).", DefaultValueFactory = _ => [64, 128, 256] };
var threadCounts = new Option<int[]>("--threads") { Description = "Threads (default: 1, 2).", DefaultValueFactory = _ => [1, 2] };
var places = new Option<string[]>("--fuse-at") { Description = "Where the branches end (default: last, upsampler).", DefaultValueFactory = _ => ["last", "upsampler"] };
var runs = new Option<int>("--runs") { Description = "Timed runs of every model.", DefaultValueFactory = _ => 11 };
var align = new Option<int?>("--align") { Description = "Channel block of the deploy form, 8 or 16 (default: this processor's)." };
var command = new RootCommand("Times the patent's SRResNet against its conversions and prints the table.") { quick, sizes, threadCounts, places, runs, align };
command.SetAction(parsed =>
{
    var few = parsed.GetValue(quick);
    using var models = new TableModels(new DeployOptions { Align = parsed.GetValue(align) });
    int[] sides = few ? [128] : parsed.GetValue(sizes)!;
    int[] threads = few ? [2] : parsed.GetValue(threadCounts)!;
    string[] fusions = few ? ["last"] : parsed.GetValue(places)!;
    Console.WriteLine("| fused at | threads | size | model | ms | ratio to the lowered source | ratio to the source | ideal |");
    Console.WriteLine("|---|---|---|---|---|---|---|---|");
    foreach (var fusion in fusions)
    {
        var group = models.FusedAt(fusion);
        foreach (var (count, side) in threads.SelectMany(t => sides.Select(s => (t, s))))
        {
            var options = new BenchOptions
            {
                Sizes = [new ImageSize(side, side)],
                Threads = count,
                Runs = parsed.GetValue(runs),
                Warmup = 2,
                Spinning = true,
            };
            var rows = Bench.Run([.. group.Select(m => m.Path)], options);
            foreach (var (model, row) in group.Zip(rows))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {fusion} | {count} | {side} | {model.Name} | {row.MedianMs:F1} | {rows[1].MedianMs / row.MedianMs:F2} | {rows[0].MedianMs / row.MedianMs:F2} | {model.Ideal:F2} |"));
            }
        }
    }
});
return command.Parse(args).Invoke();
