using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Conv and ConvTranspose: the border between two feature spaces. Which of the three layers a conv becomes is decided by the
/// planner; here stands only what a conv can't be.
/// </summary>
internal sealed class ConvRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Conv", "ConvTranspose"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        if (WhyUnfit(node) is { } reason)
        {
            spaces.CloseAround(node, reason);
            spaces.CloseIfFeature(ConvSite.Of(node).Input, reason);
            return;
        }

        var site = ConvSite.Of(node);
        var (input, output) = (site.Input, node.Output);
        var weight = node.Input(1)!;
        if (ConvGeometry.WhyNotScalable(node, [weight.Initializer!.Dims[2], weight.Initializer.Dims[3]],
            site.Margin) is { } unscalable)
        {
            spaces.CloseIfFeature(input, $"{node} reads it, and {unscalable}");
        }

        ConstrainGroups(site, spaces);

        // Convs that share a weight stay tied only if they get the same role and the same layouts.
        var first = weight.Uses[0].Node;
        if (first == node || !first.IsConv())
            return;
        if (first.OpType != node.OpType || first.IntOf("group") != node.IntOf("group"))
        {
            foreach (var side in new[] { input, output, ConvSite.Of(first).Input, first.Output })
                spaces.CloseIfFeature(side, $"{node} and {first} use the same weights in different ways");
            return;
        }

        Tie(spaces, input, ConvSite.Of(first).Input);
        Tie(spaces, output, first.Output);
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        // The separation, interaction and fusion passes rewrite convs.
    }

    private static string? WhyUnfit(Node node)
    {
        if (node.Input(1)?.Initializer is not { } weight)
            return $"the weights of {node} are computed in the graph";
        if (node.Input(2) is { Initializer: null })
            return $"the bias of {node} is computed in the graph";
        if (weight.Dims.Count != 4)
            return $"{node} isn't a two-dimensional convolution";
        if (node.Input(1)!.Uses.FirstOrDefault(use => !use.Node.IsConv() || use.Index != 1).Node is { } other)
            return $"{other} reads the weights of {node} too";
        return weight.Element.IsFloatingPoint() ? null : $"the weights of {node} are {weight.Element}";
    }

    private static void Tie(SpaceBuilder spaces, Value a, Value b)
    {
        if (spaces.IsFeature(a) && spaces.IsFeature(b))
        {
            spaces.Link(a, b);
        }
        else
        {
            spaces.CloseIfFeature(a, $"its conv shares weights with one that works on {b.Label}");
            spaces.CloseIfFeature(b, $"its conv shares weights with one that works on {a.Label}");
        }
    }

    private static void ConstrainGroups(ConvSite site, SpaceBuilder spaces)
    {
        var node = site.Conv;
        var groups = node.IntOf("group");
        var (input, output) = (site.Input, node.Output);
        if (groups == 1 || !spaces.IsFeature(input) || !spaces.IsFeature(output))
            return;
        var (inWidth, outWidth) = (spaces.Channels(input) / groups, spaces.Channels(output) / groups);
        var n = spaces.Branches;

        // A branch's width, rounded up either within every group or to whole groups: the narrower one costs less.
        var (withinGroups, wholeGroups) = (groups * (CeilDivide(inWidth, n) + CeilDivide(outWidth, n)),
            CeilDivide(groups, n) * (inWidth + outWidth));
        if (inWidth >= n && outWidth >= n && withinGroups <= wholeGroups)
        {
            // Every branch has a part of every group: the group count stays.
            spaces.KeepGroups(node, input, groups);
            spaces.KeepGroups(node, output, groups);
        }
        else
        {
            // Whole groups go to a branch each; input and output channels of a group stay together.
            spaces.Link(new ChannelLink(input, 0, inWidth, output, 0, outWidth, groups));
        }
    }

    private static long CeilDivide(long a, long b) => (a + b - 1) / b;
}
