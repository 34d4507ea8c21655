using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>Shape: read off the finest branch, with the source's channel count put back.</summary>
internal sealed class ShapeRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Shape"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        if (node.Attributes.ContainsKey("start") || node.Attributes.ContainsKey("end"))
            spaces.CloseAround(node, $"{node} reads a part of the shape");
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var input = node.Input(0)!;
        var finest = rewriter.Emit(node, "finest", "Shape", [rewriter.Branches(input)[0]]);
        var parts = rewriter.Emit(node, "parts", "Split", [finest, rewriter.Integers(node, "part_sizes", [1, 1, 2])], 3);
        var channels = rewriter.Integers(node, "channels", [rewriter.Shapes.ShapeOf(input)![1].Value]);
        BranchRewriter.Replace(node.Output, rewriter.Emit(node, "whole", "Concat", [parts[0], channels, parts[2]], configure: n => n.With("axis", 0)));
    }
}
