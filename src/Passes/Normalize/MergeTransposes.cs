using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>Makes one Transpose of two in a row, and none where the second undoes the first.</summary>
public sealed class MergeTransposes : IPass
{
    /// <inheritdoc/>
    public string Name => "merge-transposes";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        foreach (var second in model.Graph.AllNodes.Where(n => n.Is("Transpose")).ToArray())
        {
            if (second.Input(0)?.Producer is not { } first || !first.Is("Transpose") || first.Graph != second.Graph
                || first.GetInts("perm") is not { } inner || second.GetInts("perm") is not { } outer
                || first.Input(0) is not { } source)
            {
                continue;
            }

            long[] perm = [.. outer.Select(axis => inner[(int)axis])];
            second.SetInput(0, source);
            second.With("perm", perm);
            if (perm.Select((p, i) => p == i).All(same => same))
                GraphEdits.TryBypass(second, source);
            GraphEdits.RemoveIfUnused(first);
            changes++;
        }

        return new PassResult(changes);
    }
}
