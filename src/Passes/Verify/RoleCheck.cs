using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Passes.Verify;

/// <summary>Compares the layers that are in the graph with the roles that the metadata records.</summary>
internal static class RoleCheck
{
    /// <summary>The nodes that the recorded roles ask for and the graph lacks, and how many they ask for in all.</summary>
    public static (IReadOnlyList<string> Missing, int Wanted) Run(Graph graph, ConversionMetadata metadata)
    {
        var nodes = new NodeFinder(graph);
        var wanted = metadata.Roles.SelectMany(r => r.Role == ConvRole.Kept
            ? [r.Conv]
            : LayerPart.Convs(r.Role, metadata.Branches, metadata.Interaction).Select(part => PartName.Of(r.Conv, part)))
            .ToArray();
        return ([.. wanted.Where(name => nodes.Find(name) is null)], wanted.Length);
    }
}
