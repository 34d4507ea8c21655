using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>Split of channels: every branch splits its own part.</summary>
internal sealed class SplitRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Split"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var input = node.Input(0)!;
        if (!spaces.IsFeature(input))
            return;
        if (node.IntOf("axis") is not (1 or -3) || node.Outputs.Any(output => !spaces.IsFeature(output)))
        {
            spaces.CloseAround(node, $"{node} takes apart more than channels");
            return;
        }

        long start = 0;
        foreach (var output in node.Outputs.OfType<Value>())
        {
            var channels = spaces.Channels(output);
            spaces.Link(new ChannelLink(input, start, 1, output, 0, 1, channels));
            start += channels;
        }
    }

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var inputs = rewriter.Branches(node.Input(0)!);
        var outputs = node.Outputs.OfType<Value>().ToArray();
        var widths = outputs.Select(output => (long)rewriter.Layout(output).Width).ToArray();
        var parts = inputs.Select((x, branch) => rewriter.SplitChannels(node, x, widths, $"branch{branch + 1}")).ToArray();
        for (var k = 0; k < outputs.Length; k++)
            rewriter.Join(outputs[k], [.. parts.Select(branch => branch[k])]);
    }
}
