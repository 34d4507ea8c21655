using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Makes one reduction of two in a row that reduce different axes alike: a sum over the rows of sums over the columns is the sum
/// over both, and channel attention that is written so is pooling over the whole map.
/// </summary>
public sealed class MergeReductions : IPass
{
    /// <inheritdoc/>
    public string Name => "merge-reductions";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var emit = new Emitter(model);
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        foreach (var second in model.Graph.AllNodes.Where(IsMergeable).ToArray())
        {
            if (second.Input(0) is not { IsGraphOutput: false, Uses.Count: 1, Producer: { } first } || !first.Is(second.OpType)
                || first.Graph != second.Graph
                || Axes(first) is not { } inner || Axes(second) is not { } outer
                || first.IntOf("keepdims") != second.IntOf("keepdims"))
            {
                continue;
            }

            if (shapes.Value.ShapeOf(first.Input(0)!) is not { Rank: var rank })
                continue;
            var gone = inner.Select(a => Constants.FromFront(a, rank)).ToHashSet();
            // Where the first takes its axes away, the second counts those that are left.
            int[] left = [.. Enumerable.Range(0, rank).Where(a => first.IntOf("keepdims") != 0 || !gone.Contains(a))];
            long[] axes = [.. gone.Concat(
                outer.Select(a => left[Constants.FromFront(a, left.Length)])).Distinct().Order().Select(a => (long)a)];
            second.SetInput(0, first.Input(0));
            if (ReductionOperators.TakesAxesAsInput(second.OpType, model.Opset))
                second.SetInput(1, emit.Ints(second, "axes", axes));
            else
                second.With("axes", axes);
            GraphEdits.RemoveIfUnused(first);
            changes++;
        }

        return new PassResult(changes);
    }

    // A sum of squares of such sums squares twice, and so do logarithms.
    private static bool IsMergeable(Node node) =>
        node.Has(Traits.Reduction) && !node.Is("ReduceSumSquare") && !node.Is("ReduceLogSum");

    private static IReadOnlyList<long>? Axes(Node node) =>
        (node.GetInts("axes") ?? node.Input(1).ConstantInts()) is { Count: > 0 } axes ? axes : null;
}
