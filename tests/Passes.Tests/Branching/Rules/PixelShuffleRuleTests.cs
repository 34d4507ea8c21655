using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class PixelShuffleRuleTests
{
    [Fact]
    public void The_channels_of_one_shuffled_channel_stay_together() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.PRelu(net.PixelShuffle(net.Conv(x, "up", 24, 3), 2), "act")),
            new Dictionary<string, Sharing>
            { ["/up/Conv"] = new((24, 4)) });

    [Fact]
    public void Depth_first_order_is_shared_out_run_by_run() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Between((net, x) => net.PRelu(net.PixelShuffle(net.Conv(x, "up", 24, 3), 2, "DCR"), "act")),
        new Dictionary<string, Sharing> { ["/up/Conv"] = Sharing.InRuns(6, 6, 6, 6) });

    [Fact]
    public void A_shuffle_by_three_goes_branch_by_branch() => RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
        net.PixelShuffle(net.Conv(x, "up", 54, 3), 3)), new Dictionary<string, Sharing> { ["/up/Conv"] = new((54, 9)) });

    [Fact]
    public void Space_to_depth_goes_branch_by_branch() => RuleCheck.GoesBranchByBranch(
        () =>
            TinyGraphs.Between((net, x) => net.PixelShuffle(net.Conv(net.SpaceToDepth(x, 2), "a", 48, 1), 2, "DCR"), channels: 6),
        new Dictionary<string, Sharing> { ["/a/Conv"] = Sharing.InRuns(12, 12, 12, 12) }, downscale: 2, sourceMultiple: 2);

    [Fact]
    public void A_shuffle_to_an_image_closes_its_spaces() => Assert.Equal(
        "it is the network's output",
        RuleCheck.Decision(TinyGraphs.Of((net, x) => net.PixelShuffle(net.Conv(net.Conv(x, "head", 12, 3), "tail", 12, 3), 2)),
            "/tail/Conv")
            .Reason.Split(": ")[1]);

    // The links of a million runs of channels would take minutes and gigabytes.
    [Fact]
    public void A_shuffle_by_an_absurd_block_closes_its_spaces() => Assert.Equal(
        "DepthToSpace '/DepthToSpace' has a block of 1000, more than 64",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of((net, x) =>
            net.Conv(net.PixelShuffle(net.SpaceToDepth(net.Conv(x, "head", 12, 3), 1000), 1000, "DCR"), "tail", 3, 3))));

    [Fact]
    public void A_shuffle_of_a_single_pixel_closes_its_spaces() => Assert.Equal(
        "the channels around DepthToSpace '/DepthToSpace' aren't known",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
        {
            var head = net.Conv(x, "head", 24, 3);
            return net.Conv(net.PixelShuffle(net.GlobalAveragePool(head), 2), "tail", 3, 3);
        })));
}
