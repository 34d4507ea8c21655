using System.Text.Json;

namespace MsSrConvert.Benchmarks;

/// <summary>A measured row; of a source when <paramref name="Branches"/> is 0.</summary>
internal sealed record Row(
    string Model, int Branches, string Interaction, string FuseAt, Dictionary<string, double> Baseline,
        Dictionary<string, double> Psnr,
    double Macs, double Params, double Seconds, int Solved, int Skipped, string? Failure);

/// <summary>The rows measured so far: one JSON object a line, appended as soon as it is known.</summary>
internal sealed class ResultFile(string path)
{
    /// <summary>All rows.</summary>
    public List<Row> Rows { get; } = File.Exists(path)
        ? [.. File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<Row>(l)!)] : [];

    /// <summary>The row of a model's conversion, or null.</summary>
    public Row? Find(string model, int branches, string interaction, string fuseAt) =>
        Rows.Find(r => (r.Model, r.Branches, r.Interaction, r.FuseAt) == (model, branches, interaction, fuseAt));

    /// <summary>Adds a row.</summary>
    public void Add(Row row)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.AppendAllText(path, JsonSerializer.Serialize(row) + "\n");
        Rows.Add(row);
    }
}
