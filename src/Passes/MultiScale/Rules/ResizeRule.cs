using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>Resize of height and width, by constant factors or to a size: every branch is resized by the same factor.</summary>
internal sealed class ResizeRule : IOperatorRule
{
    private const int Sizes = 3;

    public IReadOnlyList<string> Operators { get; } = ["Resize"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (!spaces.IsFeature(input) || !spaces.IsFeature(output) || spaces.Channels(input) != spaces.Channels(output))
            spaces.CloseAround(node, $"the size that {node} makes isn't known");
        else if (node.Attributes.ContainsKey("axes") || node.GetString("coordinate_transformation_mode", "") == "tf_crop_and_resize")
            spaces.CloseAround(node, $"{node} resizes along chosen axes to sizes of its own, or crops");
        else
            spaces.Link(input, output);
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var width = rewriter.Layout(node.Output).Width;
        rewriter.Join(node.Output, rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (branch, x) =>
            node.Input(Sizes) is { } sizes
                ? [x, node.Input(1), node.Input(2), BranchSizes.Of(node, sizes, width, branch, rewriter)]
                : [x, .. node.Inputs.Skip(1)]));
    }
}
