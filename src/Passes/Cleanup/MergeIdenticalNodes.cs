using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>Merges nodes that compute the same from the same values.</summary>
/// <remarks>
/// "The same value" means the same <see cref="Value"/>: initializers are never merged for holding equal numbers, and nodes that
/// hold a tensor as an attribute aren't either. Random operators, operators of other domains and those with bodies stay.
/// </remarks>
public sealed class MergeIdenticalNodes : IPass
{
    /// <inheritdoc/>
    public string Name => "merge-identical-nodes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context) => new(model.AllGraphs().ToArray().Sum(Merge));

    private static int Merge(Graph graph)
    {
        var changes = 0;
        var keys = new NodeKeys();
        var first = new Dictionary<string, Node>();
        foreach (var node in graph.Nodes.ToArray())
        {
            if (!node.IsStandard || node.Has(Traits.Random) || node.Inputs.Count == 0 || keys.Of(node) is not { } key)
                continue;
            if (first.TryAdd(key, node) || node.Outputs.Any(o => o is { IsGraphOutput: true }))
                continue;
            foreach (var (old, kept) in node.Outputs.Zip(first[key].Outputs))
                old?.RedirectReads(kept!);
            graph.Remove(node);
            changes++;
        }

        return changes;
    }
}
