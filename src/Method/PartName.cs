using System.Globalization;
using System.Text.RegularExpressions;

namespace MsSrConvert.Method;

/// <summary>The name of a node that is a part of what takes the place of a node of the source: <c>body/conv/same1</c>.</summary>
/// <param name="Source">The name of the source's node, as the converted model writes it.</param>
/// <param name="Part">What the node does.</param>
/// <param name="Number">The number behind a name that was taken already; 1 for the first of that name.</param>
internal readonly partial record struct PartName(string Source, LayerPart Part, int Number = 1)
{
    /// <summary>
    /// The name of a node for a node of the source; without dots, which split module paths in the tools that import ONNX into
    /// Python.
    /// </summary>
    /// <param name="source">The name of the source's node.</param>
    /// <param name="part">A <see cref="LayerPart"/>, or another word.</param>
    public static string Of(string source, string part) => $"{source}/{part}".Replace('.', '_');

    /// <summary>Reads the name of a part.</summary>
    /// <returns>False for any other name.</returns>
    public static bool TryParse(string name, out PartName part)
    {
        var match = Pattern().Match(name);
        part = match.Success ? Read(match) : default;
        return match.Success;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Of(Source, Part) + (Number > 1 ? $"_{Number.ToString(CultureInfo.InvariantCulture)}" : "");

    private static PartName Read(Match match)
    {
        int Digit(string group) => match.Groups[group] is { Success: true } digit ? digit.ValueSpan[0] - '1' : 0;
        var kind = match.Groups["from"].Success
            ? match.Groups["at"].Success ? PartKind.CrossUp : PartKind.Cross
            : Enum.Parse<PartKind>(match.Groups["kind"].ValueSpan, ignoreCase: true);
        var number = match.Groups["number"] is { Success: true } given
            ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : 1;
        return new PartName(match.Groups["source"].Value, new LayerPart(kind, Digit("branch"), Digit("from"), Digit("at")),
            number);
    }

    // The shortest source: what is left must be a whole part. There are at most 8 branches.
    [GeneratedRegex(@"^(?<source>.+?)/(?:(?<kind>features|groups|down)|from(?<from>[1-9])to(?<branch>[1-9])(?:/up(?<at>[1-9]))?"
        + @"|(?<kind>group|same|fusion|up|sum|branch|gate|weighed|pad|crop|size)(?<branch>[1-9]))(?:_(?<number>[2-9]|[1-9][0-9]{1,8}))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
