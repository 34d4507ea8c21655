using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Resize of height and width, by constant factors or to a size: every branch is resized by the same factor. Where the
/// coordinates depend on where the map ends, every branch is cut back first and enlarged afterwards.
/// </summary>
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
        else if (node.Attributes.ContainsKey("axes") || node.TextOf("coordinate_transformation_mode") == "tf_crop_and_resize")
            spaces.CloseAround(node, $"{node} resizes along chosen axes to sizes of its own, or crops");
        else
            spaces.Link(input, output);
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var isCut = rewriter.RelationOf(node) == PixelRelation.SeesEnd;
        // A coarser branch that shrinks isn't cut back: of a single pixel nothing would be left.
        var shrinks = rewriter.FactorsOf(node)?.Any(factor => factor.Down > 1) == true;
        rewriter.Join(node.Output, rewriter.Branches(node.Input(0)!).Select((x, branch) =>
            isCut && !(shrinks && branch > 0) ? Cut(node, x, branch, rewriter) : Resized(node, x, branch,
                Size(node, node.Output, branch, rewriter, enlarged: true, null), rewriter)).ToArray());
    }

    // A branch by the same factors, or to the branch of the size that the source makes.
    private static Value Cut(Node node, Value x, int branch, IBranchWriter rewriter)
    {
        var factors = rewriter.FactorsOf(node);
        var about = factors is null ? node.Output : node.Input(0)!;
        var resized = Resized(node, rewriter.CutBack(node, node.Input(0)!, branch, x), branch,
            Size(node, about, branch, rewriter, enlarged: false, factors), rewriter);
        return rewriter.Enlarged(node, about, branch, resized, factors);
    }

    private static Value? Size(Node node, Value about, int branch, IBranchWriter rewriter, bool enlarged,
        IReadOnlyList<SizeFactor>? factors) =>
        node.Input(Sizes) is null ? null : rewriter.SizeOf(node, PartKind.Size.On(branch), about, branch,
            rewriter.Layout(node.Output).Width, enlarged, factors);

    private static Value Resized(Node node, Value x, int branch, Value? size, IBranchWriter rewriter) => rewriter.EmitLike(
        node, PartKind.Branch.On(branch), size is null ? [x, .. node.Inputs.Skip(1)] : [x, node.Input(1), node.Input(2), size]);
}
