using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

/// <summary>Shape: the source's, computed from the inputs' sizes; branches have other ones.</summary>
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
        var whole = rewriter.SizeOf(node, "whole", input, 0, rewriter.Shapes.ShapeOf(input)![1].Value, enlarged: false);
        BranchRewriter.Replace(node.Output, whole);
    }
}
