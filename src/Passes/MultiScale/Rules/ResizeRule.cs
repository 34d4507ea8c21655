using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>
/// Resize of height and width, by constant factors or to a size: every branch is resized by the same factor. Where the coordinates depend on
/// where the map ends, every branch is cut back first and enlarged afterwards.
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
        else if (node.Attributes.ContainsKey("axes") || node.GetString("coordinate_transformation_mode", "") == "tf_crop_and_resize")
            spaces.CloseAround(node, $"{node} resizes along chosen axes or crops");
        else
            spaces.Link(input, output);
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        var width = rewriter.Layout(output).Width;
        var whole = PixelRelations.Of(node, rewriter.SourceShapes) == PixelRelation.WholeMap;
        Value? Size(int branch) => rewriter.SizeOf(node, $"size{branch + 1}", output, branch, width, enlarged: !whole);
        rewriter.Join(output, rewriter.Branches(input).Select((x, branch) =>
        {
            Value?[] inputs = whole ? [rewriter.CutBack(node, input, branch, x), node.Input(1), null, Size(branch)]
                : node.Input(Sizes) is not null ? [x, node.Input(1), node.Input(2), Size(branch)]
                : [x, .. node.Inputs.Skip(1)];
            var resized = rewriter.Emit(node, $"branch{branch + 1}", node.OpType, inputs, copy => BranchRewriter.CopyAttributes(node, copy));
            return whole ? rewriter.Enlarged(node, output, branch, resized) : resized;
        }).ToArray());
    }
}
