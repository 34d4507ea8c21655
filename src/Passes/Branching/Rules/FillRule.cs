using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// ConstantOfShape and Expand: a feature that is the same at every pixel, from one number or from a pooled vector, is made at
/// every branch's size.
/// </summary>
internal sealed class FillRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["ConstantOfShape", "Expand"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        if (!spaces.IsFeature(node.Output))
            return;
        if (ShapeInput(node) is not { } shape || spaces.Shapes.ContentOf(shape) is not { Count: 4 })
            spaces.CloseAround(node, $"the size that {node} makes isn't known");
        else if (node.Is("Expand") && !IsNumber(node, spaces) && !IsVector(node, spaces))
            spaces.CloseAround(node, $"{node} repeats {node.Input(0)!.Label}, which isn't the same at every pixel");
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var layout = rewriter.Layout(node.Output);
        var source = node.Input(0)!;
        var isVector = node.Is("Expand") && rewriter.ShapeOf(source) is { Rank: 4 } shape && shape[1] != Dim.Known(1);
        var vectors = isVector ? rewriter.SplitPooled(node, source, layout) : [.. Enumerable.Repeat(source, layout.Branches)];
        rewriter.Join(node.Output, rewriter.PerBranch(node, layout.Branches, branch =>
        {
            var size = rewriter.SizeOf(node, PartKind.Size.On(branch), node.Output, branch, layout.Width, enlarged: true);
            return node.Is("Expand") ? [vectors[branch], size] : [size];
        }));
    }

    private static Value? ShapeInput(Node node) => node.Input(node.Is("Expand") ? 1 : 0);

    private static bool IsNumber(Node node, SpaceBuilder spaces) =>
        spaces.Shapes.ShapeOf(node.Input(0)!) is { } shape && shape.All(d => d == Dim.Known(1));

    // N,C,1,1 with the output's channels.
    private static bool IsVector(Node node, SpaceBuilder spaces) => node.Input(0) is { Initializer: null } source
        && spaces.IsPooled(source) && spaces.Shapes.ShapeOf(source)![1] == Dim.Known(spaces.Channels(node.Output));
}
