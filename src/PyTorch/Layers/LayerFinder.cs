using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>
/// Finds the layers of the method in a graph: by the names that the converter gives to nodes, and then node by node, so that a
/// layer is only written as one where it computes exactly that. Other layers are written as single nodes.
/// </summary>
internal static class LayerFinder
{
    /// <summary>The layers found.</summary>
    public static IEnumerable<Step> Run(Graph graph) => graph.Nodes.Where(n => n.Is("Conv")).SelectMany(Named)
        .GroupBy(p => p.Source, p => (p.Part, p.Node)).Select(layer => Find(layer.Key, [.. layer])).OfType<Step>();

    private static IEnumerable<(string Source, LayerPart Part, Node Node)> Named(Node node) =>
        PartName.TryParse(node.Name, out var name)
            && name is { Number: 1, Part.Role: not null } ? [(name.Source, name.Part, node)] : [];

    private static Step? Find(string source, (LayerPart Part, Node Node)[] parts)
    {
        Node[]? InOrder(PartKind kind)
        {
            var named = parts.Where(p => p.Part.Kind == kind).OrderBy(p => p.Part.Branch).ToArray();
            var complete = named.Length > 1 && named.Select((p, i) => p.Part.Branch == i).All(right => right);
            return complete ? [.. named.Select(p => p.Node)] : null;
        }

        if (parts is [{ Part.Kind: PartKind.Features }])
            return SeparationLayer.Find(source, parts[0].Node);
        if (InOrder(PartKind.Fusion) is { } fusion && fusion.Length == parts.Length)
            return FusionLayer.Find(source, fusion);
        if (InOrder(PartKind.Same) is not { } same)
            return null;
        var cross = parts.Where(p => p.Part.Kind == PartKind.Cross).DistinctBy(p => p.Part)
            .ToDictionary(p => (p.Part.From, p.Part.Branch), p => p.Node);
        return same.Length + cross.Count == parts.Length && cross.Keys.All(k => k.From < same.Length && k.Branch < same.Length)
            ? InteractionLayer.Find(source, same, cross)
            : null;
    }
}
