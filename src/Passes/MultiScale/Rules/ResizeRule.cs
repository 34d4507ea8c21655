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
        else if (node.Inputs.Skip(1).OfType<Value>().Any(spaces.IsFeature))
            spaces.CloseAround(node, $"{node} reads a feature map as region, scales or sizes");
        else if (node.Attributes.ContainsKey("axes") || node.GetString("coordinate_transformation_mode", "") == "tf_crop_and_resize")
            spaces.CloseAround(node, $"{node} resizes along chosen axes or crops");
        else
            spaces.Link(input, output);
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var width = rewriter.Layout(node.Output).Width;
        rewriter.Join(node.Output, rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (branch, x) =>
            node.Input(Sizes) is { } sizes
                ? [x, node.Input(1), node.Input(2), BranchSize(node, sizes, width, branch, rewriter)]
                : [x, .. node.Inputs.Skip(1)]));
    }

    // [N, C, H, W] becomes [N, C/n, H/2^i, W/2^i], whether the size is a constant or computed in the graph.
    private static Value BranchSize(Node node, Value sizes, int width, int branch, BranchRewriter rewriter)
    {
        var name = $"size{branch + 1}";
        if (sizes.Initializer?.ToInt64s() is [var batch, _, var height, var breadth])
            return rewriter.Integers(node, name, [batch, width, height >> branch, breadth >> branch]);
        var parts = rewriter.Emit(node, $"{name}/split", "Split", [sizes, rewriter.Integers(node, "size_parts", [1, 1, 2])], 3);
        var space = branch == 0
            ? parts[2]
            : rewriter.Emit(node, $"{name}/space", "Div", [parts[2], rewriter.Integers(node, $"{name}_factor", [1L << branch])]);
        return rewriter.Emit(node, name, "Concat", [parts[0], rewriter.Integers(node, "size_channels", [width]), space],
            configure: n => n.With("axis", 0));
    }
}
