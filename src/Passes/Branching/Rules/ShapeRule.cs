using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>Shape, or a part of it: the source's, computed from the inputs' sizes; branches have other ones.</summary>
internal sealed class ShapeRule : IOperatorRule
{
    private const int Rank = 4;

    public IReadOnlyList<string> Operators { get; } = ["Shape"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        // It reads a size, which every branch tells alike.
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var input = node.Input(0)!;
        var whole = rewriter.SizeOf(node, "whole", input, 0, rewriter.ShapeOf(input)![1].Value, enlarged: false);
        var (start, end) = (node.IntOf("start"), node.GetInt("end", Rank));
        if (start != 0 || end != Rank)
        {
            whole = rewriter.Emit(node, "part", "Slice",
                [whole, rewriter.Integers(node, "start", [start]), rewriter.Integers(node, "end", [end])]);
        }

        rewriter.Replace(node.Output, whole);
    }
}
