using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Passes.Verify;

/// <summary>Compares the layers that are in the graph with the roles that the metadata records.</summary>
internal static class RoleCheck
{
    /// <summary>The nodes that the recorded roles ask for and the graph lacks, and how many they ask for in all.</summary>
    public static (IReadOnlyList<string> Missing, int Wanted) Run(Graph graph, ConversionMetadata metadata)
    {
        var nodes = new NodeFinder(graph);
        var wanted = metadata.Roles.SelectMany(r => Parts(r.Role, metadata).Select(part => part.Length == 0 ? r.Conv : BranchRewriter.NameOf(r.Conv, part)))
            .ToArray();
        return ([.. wanted.Where(name => nodes.Find(name) is null)], wanted.Length);
    }

    private static IEnumerable<string> Parts(ConvRole role, ConversionMetadata metadata)
    {
        var branches = Enumerable.Range(1, metadata.Branches).ToArray();
        return role switch
        {
            ConvRole.Separation => ["features"],
            ConvRole.Fusion => branches.Select(i => $"fusion{i}"),
            ConvRole.Interaction => branches.Select(i => $"same{i}").Concat(
                from i in branches
                from j in branches
                where i != j && (metadata.Interaction == Interaction.Full || Math.Abs(i - j) == 1)
                select $"from{j}to{i}"),
            _ => [""],
        };
    }
}
