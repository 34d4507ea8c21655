using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>Small models made directly in the wire format.</summary>
internal static class WireModels
{
    /// <summary>The model with value_info, whose order means nothing, sorted by name in every graph and function.</summary>
    public static ModelProto Canonical(ModelProto model)
    {
        var copy = model.Clone();
        if (copy.Graph is not null)
            Sort(copy.Graph);
        foreach (var function in copy.Functions)
        {
            Sort(function.ValueInfo);
            foreach (var node in function.Node)
                Sort(node);
        }

        return copy;
    }

    private static void Sort(GraphProto graph)
    {
        Sort(graph.ValueInfo);
        foreach (var node in graph.Node)
            Sort(node);
    }

    private static void Sort(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is not null)
                Sort(attribute.G);
            foreach (var graph in attribute.Graphs)
                Sort(graph);
        }
    }

    private static void Sort(ICollection<ValueInfoProto> infos)
    {
        var sorted = infos.OrderBy(i => i.Name, StringComparer.Ordinal).ToArray();
        infos.Clear();
        foreach (var info in sorted)
            infos.Add(info);
    }
}
