using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Pad: one that only convs read goes with them; else only one that pads nothing can be done branch by branch, since sizes that
/// grow by a constant don't stay in ratio.
/// </summary>
internal sealed class PadRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Pad"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        if (ConvSite.IsAbsorbed(node))
            spaces.CloseIfFeature(node.Output, $"it is the margin of {node.Output.Uses[0].Node}");
        else if (node.Input(1)?.Initializer?.ToInt64s().All(p => p == 0) == true && spaces.IsFeature(node.Input(0)))
            spaces.Link(node.Input(0)!, node.Output);
        else
            spaces.CloseAround(node, $"{node} adds a margin, which does not scale with the branch");
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        // A margin was written with its convs, and nothing reads this node any more.
        if (rewriter.IsBranched(node.Output))
        {
            rewriter.Join(node.Output,
                rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (_, x) => [x, .. node.Inputs.Skip(1)]));
        }
    }
}
