using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Branching;

/// <summary>A value behind which branches split off because other readers still need it in full.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="FullReaders">The names of the nodes that go on reading the full value.</param>
internal sealed record SplitOff(string Value, IReadOnlySet<string> FullReaders);

/// <summary>
/// Puts a <see cref="SplitOffMark"/> behind every such value of a graph: the branched readers read it through the mark.
/// </summary>
internal sealed class SplitOffPass(IReadOnlyList<SplitOff> splitOffs) : IPass
{
    /// <inheritdoc/>
    public string Name => "split-off";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var names = NameScope.OfGraph(model.Graph);
        var values = model.Graph.Values.ToDictionary(v => v.Name);
        foreach (var splitOff in splitOffs)
        {
            var value = values[splitOff.Value];
            var branched = new Value(names.Unique($"{value.Name}/split_off"), value.Type);
            var readers = value.Uses.Where(use => !splitOff.FullReaders.Contains(use.Node.Name)).ToArray();
            var name = names.Unique(PartName.Of(value.Producer?.Name ?? value.Name, "split_off"));
            model.Graph.Add(SplitOffMark.Make(value, branched, name));
            foreach (var use in readers)
                use.Node.SetInput(use.Index, branched);
        }

        model.Graph.SortTopologically();
        return new PassResult(splitOffs.Count);
    }
}
