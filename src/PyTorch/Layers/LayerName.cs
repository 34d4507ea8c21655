using System.Text.RegularExpressions;
using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>The layer of the method that a node belongs to, read off the name that the converter gave it.</summary>
/// <param name="Source">The name of the conv that the layer replaces.</param>
/// <param name="Kind">Separation, interaction or fusion.</param>
internal readonly partial record struct LayerName(string Source, string Kind)
{
    /// <summary>What generated code says above the layer.</summary>
    public string Comment => $"{Kind} layer: {PythonNames.Comment(Source)}";

    /// <summary>The layer of a conv or of the Split behind a separation's conv; null for other nodes.</summary>
    public static LayerName? Of(Node node)
    {
        var match = Part().Match(node.Name);
        if (!match.Success || !(node.Is("Conv") || node.Is("ConvTranspose") || node.Is("Split")))
            return null;
        var kind = match.Groups[2].Value switch { "features" or "groups" => "separation", "fusion" => "fusion", _ => "interaction" };
        return new LayerName(match.Groups[1].Value, kind);
    }

    [GeneratedRegex(@"^(.+)/(?:(features|groups)|(?<2>fusion)\d|(?<2>same)\d|(?<2>from)\dto\d)$")]
    private static partial Regex Part();
}
