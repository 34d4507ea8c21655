using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>
/// Gives every node a name that no other node has: nodes without one are named after their first output, repeated names get a
/// number. Names that are unique already stay.
/// </summary>
public sealed class UniqueNames : IPass
{
    /// <inheritdoc/>
    public string Name => "unique-names";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var nodes = model.Graph.AllNodes.ToArray();
        var scope = NameScope.OfNodes(model);
        var seen = new HashSet<string>();
        foreach (var node in nodes)
        {
            if (node.Name.Length > 0 && seen.Add(node.Name))
                continue;
            node.Name = scope.Unique(node.KnownName());
            seen.Add(node.Name);
            changes++;
        }

        return new PassResult(changes);
    }
}
