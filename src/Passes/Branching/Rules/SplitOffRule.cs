using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// The second half of a separation layer by itself: a full value is split into n groups of channels and group i is halved i-1
/// times. Stands where the full value has other readers too.
/// </summary>
internal sealed class SplitOffRule : IOperatorRule
{
    // Found by its mark, not by its operator.
    public IReadOnlyList<string> Operators { get; } = [];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        // Its two sides are different spaces: that is what it is for.
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var layout = rewriter.Layout(node.Output);
        rewriter.Join(node.Output, rewriter.Halved(node, rewriter.SplitPooled(node, rewriter.Enlarged(node.Input(0)!), layout)));
    }
}
