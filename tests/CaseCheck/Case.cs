using System.Globalization;

namespace MsSrConvert.CaseCheck;

/// <summary>What is right for one file of the shared cases; see cases.tsv for what the words mean.</summary>
/// <param name="Name">The file below the folder, without <c>.onnx</c>.</param>
/// <param name="Expectation">converts, either, refused or source; another word is nothing that is run here.</param>
/// <param name="IsLater">True where the row doesn't count yet.</param>
/// <param name="Conditions">Further conditions by name.</param>
internal sealed record Case(string Name, string Expectation, bool IsLater, IReadOnlyDictionary<string, string> Conditions)
{
    private const string Later = "later";

    /// <summary>True where the product is run.</summary>
    public bool IsRun => Expectation is "converts" or "either" or "refused" or "source";

    /// <summary>The numbers of branches to convert with.</summary>
    public int[] Branches => Conditions.TryGetValue("n", out var n) ? [int.Parse(n, CultureInfo.InvariantCulture)] : [2, 3];

    /// <summary>A condition that is a number, or null.</summary>
    public double? Number(string name) =>
        Conditions.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A condition's text, or null.</summary>
    public string? Text(string name) => Conditions.GetValueOrDefault(name);

    /// <summary>Reads the list; lines that begin with # are comments.</summary>
    public static IReadOnlyList<Case> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#').Select(line => Parse(line.Split('\t')))];

    private static Case Parse(string[] columns)
    {
        var words = columns.Skip(2).SelectMany(c => c.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        var isLater = columns[1] == Later;
        var expectation = isLater ? words[0] : columns[1];
        var conditions = words.Skip(isLater ? 1 : 0).Select(word => word.Split('=', 2)).ToDictionary(p => p[0],
            p => p.ElementAtOrDefault(1) ?? "");
        return new Case(columns[0], expectation, isLater, conditions);
    }
}
