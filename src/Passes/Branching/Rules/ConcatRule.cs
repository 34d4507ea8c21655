using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Concat of channels: every branch concatenates its own parts. An image among them (a U-Net that takes its input in again) is
/// not partitioned: every branch gets all of it at its own scale.
/// </summary>
internal sealed class ConcatRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Concat"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var output = node.Output;
        if (!spaces.IsFeature(output))
        {
            spaces.CloseAround(node, $"the shape of the output of {node} isn't known");
            return;
        }

        if (node.IntOf("axis") is not (1 or -3) || node.Inputs.Any(input => !spaces.IsFeature(input)))
        {
            spaces.CloseAround(node, $"{node} joins more than channels of feature maps");
            return;
        }

        long start = 0;
        foreach (var input in node.Inputs.OfType<Value>())
        {
            var channels = spaces.Channels(input);
            if (spaces.IsImage(input))
                spaces.Segments.Repeat(output, start, channels);
            else
                spaces.Link(new ChannelLink(input, 0, 1, output, start, 1, channels));
            start += channels;
        }
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var inputs = node.Inputs.OfType<Value>()
            .Select(input => rewriter.IsBranched(input) ? rewriter.Branches(input) : rewriter.Pyramid(node, input)).ToArray();
        rewriter.Join(node.Output, rewriter.PerBranch(node, inputs[0].Length, branch => inputs.Select(input => input[branch])));
    }
}
