using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// Marks where branches split off behind a value that other readers still need in full, as <c>--fuse-at</c> and
/// <c>--separate-at</c> ask: the branched readers read it through a marked Identity.
/// </summary>
public sealed class SplitOffPass(ConversionOptions options) : IPass
{
    /// <inheritdoc/>
    public string Name => "split-off";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var span = BranchSpan.Resolve(model, options, ShapeInference.Infer(model));
        var names = NameScope.OfGraph(model.Graph);
        foreach (var (value, fullReaders) in span.FullReaders)
        {
            var branched = new Value(names.Unique($"{value.Name}/split_off"), value.Type);
            var readers = value.Uses.Where(use => !fullReaders.Contains(use.Node)).ToArray();
            var name = names.Unique($"{(value.Producer?.Name ?? value.Name).Replace('.', '_')}/split_off");
            model.Graph.Add(SplitOffs.Mark(value, branched, name));
            foreach (var use in readers)
                use.Node.SetInput(use.Index, branched);
        }

        model.Graph.SortTopologically();
        return new PassResult(span.FullReaders.Count);
    }
}
