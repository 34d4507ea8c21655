using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Pooling over all of height and width: the branches' pooled vectors are concatenated, and channel attention goes on with a
/// full vector in the source's channel order. Pixels that only enlarge a map don't count.
/// </summary>
internal sealed class GlobalPoolRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } =
        [
            "GlobalAveragePool", "GlobalMaxPool", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "ReduceL2",
            "ReduceSumSquare"
        ];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        // What it computes may be a map although what it reads is none.
        if (!spaces.IsFeature(node.Input(0)) || !OverSpace(node))
            spaces.CloseAround(node, $"{node} doesn't reduce exactly height and width");
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var input = node.Input(0)!;
        var layout = rewriter.Layout(input);
        var pooled = rewriter.PerBranch(node, rewriter.Branches(input),
            (branch, x) => [rewriter.CutBack(node, input, branch, x), .. node.Inputs.Skip(1)]);
        for (var branch = 1; branch < pooled.Length; branch++)
        {
            if (PixelFactor(node, branch) is var factor and not 1)
            {
                pooled[branch] = rewriter.Emit(node, PartKind.Weighed.On(branch), "Mul",
                    [pooled[branch], rewriter.Floats(node, $"weight{branch + 1}", [factor])]);
            }
        }

        rewriter.Replace(node.Output, rewriter.JoinPooled(node, pooled, layout));
    }

    // A coarser branch has a quarter of the pixels of the one before it: sums over them are weighed to match.
    private static float PixelFactor(Node node, int branch) => node.OpType switch
    {
        "ReduceSum" or "ReduceL1" or "ReduceSumSquare" => 1 << (2 * branch),
        "ReduceL2" => 1 << branch,
        _ => 1,
    };

    private static bool OverSpace(Node node)
    {
        if (node.OpType.StartsWith("Global", StringComparison.Ordinal))
            return true;
        var axes = node.GetInts("axes") ?? node.Input(1)?.Initializer?.ToInt64s();
        return axes is not null && axes.Select(axis => axis < 0 ? axis + 4 : axis).Order().SequenceEqual([2, 3]);
    }
}
