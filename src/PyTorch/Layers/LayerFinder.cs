using System.Globalization;
using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>
/// Finds the layers of the method in a graph: by the names that the converter gives to nodes, and then node by node, so that a layer
/// is only written as one where it computes exactly that. Other layers are written as single nodes.
/// </summary>
internal static partial class LayerFinder
{
    /// <summary>The layers found.</summary>
    public static IEnumerable<Step> Run(Graph graph)
    {
        var parts = graph.Nodes.Where(n => n.Is("Conv")).Select(n => (Node: n, Match: Part().Match(n.Name))).Where(p => p.Match.Success)
            .GroupBy(p => p.Match.Groups["source"].Value, p => (p.Node, Part: p.Match.Groups["part"].Value));
        return parts.Select(layer => Find(layer.Key, [.. layer])).OfType<Step>();
    }

    private static Step? Find(string source, (Node Node, string Part)[] parts)
    {
        Node[]? InOrder(string kind)
        {
            var named = parts.Where(p => p.Part.StartsWith(kind, StringComparison.Ordinal)).OrderBy(p => p.Part, StringComparer.Ordinal).ToArray();
            var complete = named.Length > 1 && named.Select((p, i) => p.Part == $"{kind}{ForwardWriter.Text(i + 1)}").All(right => right);
            return complete ? [.. named.Select(p => p.Node)] : null;
        }

        if (parts is [{ Part: "features" }])
            return SeparationLayer.Find(source, parts[0].Node);
        if (InOrder("fusion") is { } fusion && fusion.Length == parts.Length)
            return FusionLayer.Find(source, fusion);
        if (InOrder("same") is not { } same)
            return null;
        var cross = parts.Where(p => p.Part.StartsWith("from", StringComparison.Ordinal)).DistinctBy(p => p.Part)
            .ToDictionary(p => (Digit(p.Part["from".Length]), Digit(p.Part[^1])), p => p.Node);
        return same.Length + cross.Count == parts.Length && cross.Keys.All(k => k.Item1 < same.Length && k.Item2 < same.Length)
            ? InteractionLayer.Find(source, same, cross)
            : null;
    }

    private static int Digit(char c) => CharUnicodeInfo.GetDecimalDigitValue(c) - 1;

    [GeneratedRegex(@"^(?<source>.+)/(?<part>features|fusion[1-9]|same[1-9]|from[1-9]to[1-9])$")]
    private static partial Regex Part();
}
