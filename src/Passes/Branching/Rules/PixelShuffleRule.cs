using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// DepthToSpace and SpaceToDepth: the r*r channels of the deep side that make one channel of the wide side go to the same branch.
/// </summary>
internal sealed class PixelShuffleRule : IOperatorRule
{
    // No feature map is taken apart into more; the links of each would fill the memory.
    private const long LargestBlock = 64;

    public IReadOnlyList<string> Operators { get; } = ["DepthToSpace", "SpaceToDepth"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var toSpace = node.Is("DepthToSpace");
        var (deep, wide) = toSpace ? (node.Input(0)!, node.Output) : (node.Output, node.Input(0)!);
        if (!spaces.IsFeature(deep) || !spaces.IsFeature(wide))
        {
            spaces.CloseAround(node, $"the channels around {node} aren't known");
            return;
        }

        var block = node.IntOf("blocksize");
        if (block > LargestBlock)
        {
            spaces.CloseAround(node, $"{node} has a block of {block}, more than {LargestBlock}");
            return;
        }

        var channels = spaces.Channels(wide);
        if (toSpace && node.TextOf("mode") == "CRD")
        {
            spaces.Link(new ChannelLink(deep, 0, block * block, wide, 0, 1, channels));
            return;
        }

        // Depth first (DCR, and SpaceToDepth): the deep side is r*r runs, each a whole copy of the wide side's channels.
        for (var k = 0L; k < block * block; k++)
            spaces.Link(new ChannelLink(deep, k * channels, 1, wide, 0, 1, channels));
    }

    public void Rewrite(Node node, BranchRewriter rewriter) =>
        rewriter.Join(node.Output, rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (_, x) => [x]));
}
