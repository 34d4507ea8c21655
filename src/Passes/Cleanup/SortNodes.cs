using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Cleanup;

/// <summary>Puts nodes into execution order where they aren't.</summary>
public sealed class SortNodes : IPass
{
    /// <inheritdoc/>
    public string Name => "sort-nodes";

    /// <summary>Sorts in place.</summary>
    /// <exception cref="InvalidOperationException">The graph has a cycle.</exception>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        foreach (var graph in model.AllGraphs())
        {
            var before = graph.Nodes.ToArray();
            graph.SortTopologically();
            changes += before.Zip(graph.Nodes).Count(pair => pair.First != pair.Second);
        }

        return new PassResult(changes);
    }
}
