using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Training.Execution;

/// <summary>Tells the initializers that training changes from those that are part of the architecture.</summary>
internal static class TrainableWeights
{
    private const int FirstStatistic = 3;

    /// <summary>
    /// Kernels, biases, slopes, learned scales and shifts of nodes that features pass through, in the graph's order; a shared one
    /// once. Recorded means and variances, and factors that sizes are computed with, aren't among them.
    /// </summary>
    public static IReadOnlyList<Value> Find(Graph graph)
    {
        var features = Downstream(graph, graph.Inputs.Where(v => v.Initializer is null));
        var statistics =
            graph.Nodes.Where(n => n.Is("BatchNormalization")).SelectMany(n => n.Inputs.Skip(FirstStatistic)).ToHashSet();
        return [.. graph.Nodes.Where(n => n.Inputs.Any(v => v is not null && features.Contains(v))).SelectMany(Weights.Of)
            .Where(v => !statistics.Contains(v)).Distinct()];
    }

    /// <summary>All values whose numbers (not only shapes) depend on these, with themselves.</summary>
    public static HashSet<Value> Downstream(Graph graph, IEnumerable<Value> values)
    {
        var found = new HashSet<Value>(values);
        foreach (var node in graph.Nodes
            .Where(n => !n.Has(Traits.ReadsShape) && n.Inputs.Any(v => v is not null && found.Contains(v))))
        {
            found.UnionWith(node.Outputs.OfType<Value>());
        }

        return found;
    }
}
