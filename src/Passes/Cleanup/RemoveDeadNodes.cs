using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>Removes nodes and initializers that nothing reads.</summary>
public sealed class RemoveDeadNodes : IPass
{
    /// <inheritdoc/>
    public string Name => "remove-dead-nodes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context) => new(Clean(model.Graph));

    private static int Clean(Graph graph)
    {
        var changes = 0;
        // Backwards: a reader goes before what it reads.
        foreach (var node in graph.Nodes.Reverse().ToArray())
        {
            if (node.Outputs.OfType<Value>().Any() && node.Outputs.All(o => o is null or { IsUnused: true }))
            {
                foreach (var nested in node.Subgraphs.SelectMany(GraphEdits.WithNested))
                    Unhook(nested);
                graph.Remove(node);
                changes++;
            }
            else
            {
                changes += node.Subgraphs.Sum(Clean);
            }
        }

        foreach (var value in graph.Initializers.Where(v => v is { IsUnused: true, IsGraphInput: false }).ToArray())
        {
            graph.RemoveInitializer(value);
            changes++;
        }

        return changes;
    }

    // Nodes of a body that goes away no longer read the values of the graphs around it.
    private static void Unhook(Graph body)
    {
        foreach (var node in body.Nodes)
            node.TruncateInputs(0);
    }
}
