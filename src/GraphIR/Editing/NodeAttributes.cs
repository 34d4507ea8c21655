namespace MsSrConvert.GraphIR.Editing;

/// <summary>Hands attributes on.</summary>
internal static class NodeAttributes
{
    /// <summary>Gives a node the attributes of another one.</summary>
    public static Node WithAttributesOf(this Node node, Node source)
    {
        foreach (var (name, value) in source.Attributes)
            node.With(name, value);
        return node;
    }
}
