using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.PyTorch.Code;

namespace MsSrConvert.PyTorch.Layers;

/// <summary>What generated code says above a layer of the method.</summary>
internal static class LayerComment
{
    /// <summary>The comment of a layer.</summary>
    /// <param name="role">What the layer is.</param>
    /// <param name="source">The name of the conv that it replaces.</param>
    public static string Of(ConvRole role, string source) =>
        $"{role.ToString().ToLowerInvariant()} layer: {PythonNames.Comment(source)}";

    /// <summary>The comment of a conv of a layer, or of the Split behind a separation's conv; empty for other nodes.</summary>
    public static string Of(Node node) =>
        (node.IsConv() || node.Is("Split")) && PartName.TryParse(node.Name, out var name)
            && name is { Number: 1, Part.Role: { } role } ? Of(role, name.Source) : "";
}
