using System.Globalization;
using MsSrConvert.Method;

namespace MsSrConvert.Benchmarks;

/// <summary>
/// Prints what was measured: a line for every network and place where its branches end, a column for every number of branches.
/// </summary>
internal sealed class ResultTables(ResultFile file)
{
    private static readonly int[] Branches = [2, 3, 4];
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Prints quality, then costs.</summary>
    public void Print(IReadOnlyList<SharedNetwork> networks)
    {
        Console.WriteLine("| network | input or bicubic | source | fused at | n=2 | n=3 | n=4 |\n|---|---|---|---|---|---|---|");
        foreach (var network in networks)
        {
            if (file.Find(network.Name, 0, "", "") is not { } source)
                continue;
            foreach (var (place, rows) in Lines(network))
            {
                Console.WriteLine(
                    $"| {network.Name} | {Scores(source.Baseline)} | {Scores(source.Psnr)} | {place} | {string.Join(" | ", rows.Select(Quality))} |");
            }
        }

        Console.WriteLine("\n| network | fused at | layers solved | n=2 | n=3 | n=4 |\n|---|---|---|---|---|---|");
        foreach (var network in networks)
        {
            foreach (var (place, rows) in Lines(network))
                Console.WriteLine($"| {network.Name} | {place} | {Layers(rows)} | {string.Join(" | ", rows.Select(Costs))} |");
        }
    }

    // One line where ending at the upsampler is ending at the last conv.
    private IEnumerable<(string Place, Row?[] Rows)> Lines(SharedNetwork network)
    {
        var lines = network.Variants(Branches).GroupBy(v => (v.FuseAt, v.Interaction))
            .Select(
                g => (g.Key,
                    Rows: g.Select(v => file.Find(network.Name, v.Branches, v.Interaction.ToString(), v.FuseAt)).ToArray()))
            .Where(l => l.Rows.Any(r => r is { Failure: null })).ToArray();
        foreach (var (key, rows) in lines)
        {
            var twin = lines.First(l => l.Key.Interaction == key.Interaction).Rows;
            if (twin != rows && rows.Zip(twin).All(p => p.First?.Macs == p.Second?.Macs))
                continue;
            yield return (key.FuseAt + (key.Interaction == Interaction.Full ? ", full" : ""), rows);
        }
    }

    private static string Quality(Row? row) =>
        row switch { null => "", { Failure: { } failure } => failure, _ => Scores(row.Psnr) };

    private static string Costs(Row? row) =>
        row is { Failure: null }
            ? string.Create(Culture, $"{100 * row.Macs:0.0} %, {100 * row.Params:0.0} %, {row.Seconds:0} s") : "";

    private static string Layers(IEnumerable<Row?> rows)
    {
        var row = rows.First(r => r is { Failure: null })!;
        return row.Skipped == 0 ? $"all {row.Solved}" : $"{row.Solved} of {row.Solved + row.Skipped}";
    }

    private static string Scores(Dictionary<string, double> scores) =>
        string.Join(" / ", scores.Values.Select(s => s.ToString("0.00", Culture)));
}
