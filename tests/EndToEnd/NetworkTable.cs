using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.Tests.Common;

namespace MsSrConvert.EndToEnd;

/// <summary>Collects a row for every network and writes them to <c>TestResults/networks.md</c> when all are done.</summary>
public sealed class NetworkTable : IDisposable
{
    private readonly ConcurrentBag<(string Network, int Branches, string Text)> _rows = [];
    private readonly Dictionary<(string, int, int), IReadOnlyDictionary<string, long[]>?> _sources = [];

    /// <summary>The output shapes of a source at a size, by output name; null where it doesn't take the size.</summary>
    internal IReadOnlyDictionary<string, long[]>? SourceShapes(string path, int height, int width)
    {
        if (_sources.TryGetValue((path, height, width), out var known))
            return known;
        IReadOnlyDictionary<string, long[]>? shapes;
        try
        {
            shapes = NetworkRun.At(path, height, width).ToDictionary(o => o.Key, o => o.Value.Dims);
        }
        catch (MsSrException e) when (e.Diagnostic.Id == "MSSR5002")
        {
            shapes = null;
        }

        return _sources[(path, height, width)] = shapes;
    }

    /// <summary>Adds the row of a converted network from the tool's JSON.</summary>
    internal void Converted(string network, int branches, JsonElement json)
    {
        var roles = json.GetProperty("convs").EnumerateArray().CountBy(c => c.GetProperty("role").GetString()!).ToDictionary();
        var counts = string.Join(" | ",
            new[] { "separation", "interaction", "fusion", "kept" }.Select(r => roles.GetValueOrDefault(r)));
        _rows.Add(
            (network, branches,
                $"{counts} | {Ratio(json, "params")} | {Ratio(json, "macs")} | {Smallest(json, "source")} → {Smallest(json, "converted")} | converted"));
    }

    /// <summary>Adds the row of a network that the tool declines.</summary>
    internal void Declined(string network, int branches, string why) =>
        _rows.Add((network, branches, $"| | | | | | | declined: {string.Join(' ', why.Split('\n').Take(2)).Trim()}"));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_rows.IsEmpty)
            return;
        var table = new StringBuilder(
            "| network | n | separation | interaction | fusion | kept | parameters | multiply-adds | smallest input | status |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var (network, branches, text) in _rows.Order())
            table.Append(CultureInfo.InvariantCulture, $"| {network} | {branches} | {text} |\n");
        var folder = Path.Combine(SharedModels.Repository, "TestResults");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "networks.md"), table.ToString());
    }

    private static string Smallest(JsonElement json, string model) =>
        json.GetProperty("smallest_input").GetProperty(model).ToString();

    private static string Ratio(JsonElement json, string figure) =>
        ((double)json.GetProperty("converted").GetProperty(figure).GetInt64()
            / json.GetProperty("source").GetProperty(figure).GetInt64())
            .ToString("P1", CultureInfo.InvariantCulture);
}
