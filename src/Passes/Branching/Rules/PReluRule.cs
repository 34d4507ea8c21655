using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>PRelu: a slope per channel is partitioned with the channels, a single slope serves all branches.</summary>
internal sealed class PReluRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["PRelu"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (!spaces.IsFeature(input))
            return;
        spaces.Link(input, output);
        var slope = node.Input(1)!;
        if (slope.Initializer is null)
            spaces.CloseIfFeature(input, $"the slope of {node} is computed in the graph");
        else if (ChannelParameter.AxisOf(slope.Initializer, spaces.Channels(input)) is null)
            spaces.CloseIfFeature(input, $"the slope of {node} of shape {slope.Initializer.Shape} varies over space");
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var layout = rewriter.Layout(node.Output);
        rewriter.Join(node.Output, rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (branch, x) =>
            [x, rewriter.ChannelConstant(node.Input(1)!, layout, branch)]));
    }
}
