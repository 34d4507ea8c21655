using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>Shape, or a part of it: read off the finest branch, with the source's channel count put back.</summary>
internal sealed class ShapeRule : IOperatorRule
{
    private const int Rank = 4;

    public IReadOnlyList<string> Operators { get; } = ["Shape"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        // It reads a size, which every branch tells alike.
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var input = node.Input(0)!;
        var finest = rewriter.Emit(node, "finest", "Shape", [rewriter.Branches(input)[0]]);
        var parts = rewriter.Emit(node, "parts", "Split", [finest, rewriter.Integers(node, "part_sizes", [1, 1, 2])], 3);
        var channels = rewriter.Integers(node, "channels", [rewriter.Shapes.ShapeOf(input)![1].Value]);
        var whole = rewriter.Emit(node, "whole", "Concat", [parts[0], channels, parts[2]], configure: n => n.With("axis", 0));
        var (start, end) = (node.GetInt("start", 0), node.GetInt("end", Rank));
        if (start != 0 || end != Rank)
            whole = rewriter.Emit(node, "part", "Slice", [whole, rewriter.Integers(node, "start", [start]), rewriter.Integers(node, "end", [end])]);
        BranchRewriter.Replace(node.Output, whole);
    }
}
