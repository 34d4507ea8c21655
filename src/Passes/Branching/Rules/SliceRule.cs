using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>Slice of a run of channels: every branch slices its own part of the run.</summary>
internal sealed class SliceRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["Slice"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (!spaces.IsFeature(input))
            return;
        if (!spaces.IsFeature(output) || ChannelStart(node, spaces.Channels(input)) is not { } start)
        {
            spaces.CloseAround(node, $"{node} cuts more than channels");
            return;
        }

        spaces.Link(new ChannelLink(input, start, 1, output, 0, 1, spaces.Channels(output)));
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        var (from, to) = (rewriter.Layout(input), rewriter.Layout(output));
        var start = ChannelStart(node, rewriter.ShapeOf(input)![1].Value)!.Value;

        // The run's first channel stands at the same place in every branch: segments are partitioned alike.
        var first = from[0].IndexOf((int)(start + to[0][0]));
        var bounds = new[] { first, first + to.Width, 1L }
            .Select((bound, i) => rewriter.Integers(node, i switch { 0 => "starts", 1 => "ends", _ => "axes" }, [bound]))
                .ToArray();
        rewriter.Join(output, rewriter.PerBranch(node, rewriter.Branches(input), (_, x) => [x, .. bounds]));
    }

    // The first channel of a slice along the channels with step 1; null for anything else.
    private static long? ChannelStart(Node node, long channels)
    {
        if (node.Input(1)?.Initializer?.ToInt64s() is not [var start] || node.Input(3)?.Initializer?.ToInt64s() is not [1 or -3])
            return null;
        if (node.Input(4) is { } steps && steps.Initializer?.ToInt64s() is not [1])
            return null;
        return Math.Clamp(start < 0 ? start + channels : start, 0, channels);
    }
}
