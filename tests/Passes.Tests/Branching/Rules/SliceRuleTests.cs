using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class SliceRuleTests
{
    private static readonly Dictionary<string, Sharing> InTwoRuns = new() { ["/a/Conv"] = Sharing.InRuns(6, 12) };

    [Fact]
    public void Every_branch_slices_its_own_part_of_the_run() => RuleCheck.GoesBranchByBranch(
        () => Between((net, x) => net.Concat(Channels(net, x, 6, 18, 12), net.Relu(Channels(net, x, 0, 6, 6)))), InTwoRuns);

    [Fact]
    public void Bounds_may_count_from_the_end() => RuleCheck.Agree(
        () => Between((net, x) => net.PRelu(Channels(net, x, -12, long.MaxValue, 12), "sliced")), InTwoRuns);

    [Fact]
    public void A_crop_of_pixels_closes_its_spaces() => Assert.Equal(
        "Slice '/Slice' cuts more than channels",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
            net.Conv(net.Slice(net.Conv(x, "head", 12, 3), [2], [0], [4]), "tail", 3, 3))));

    [Fact]
    public void Every_second_channel_closes_its_spaces() => Assert.Equal(
        "Slice '/Slice' cuts more than channels",
        RuleCheck.WhyInputIsNotBranched(Between((net, x) =>
            net.Emit("Slice", 9, x, net.Integers(0), net.Integers(18), net.Integers(1), net.Integers(2)).Output)));

    [Fact]
    public void A_run_of_no_channels_closes_its_spaces() => Assert.Equal(
        "leaves a feature space; its output is not branched: Slice '/Slice' cuts more than channels",
        RuleCheck.Decision(Between((net, x) => net.Concat(x, Channels(net, x, 18, long.MaxValue, 0))), "/a/Conv").Reason);

    [Fact]
    public void Bounds_computed_in_the_graph_close_the_spaces() => Assert.Equal(
        "leaves a feature space; its output is not branched: Slice '/Slice_1' cuts more than channels",
        RuleCheck.Decision(Between((net, x) =>
        {
            var batch = net.Slice(net.ShapeOf(x), [0], [0], [1]);
            return net.Emit("Slice", 12, x, batch, net.Integers(13), net.Integers(1)).Output;
        }), "/a/Conv").Reason);

    private static Value Channels(NetBuilder net, Value x, long start, long end, int channels) =>
        net.Slice(x, [1], [start], [end], channels);

    private static Model Between(Func<NetBuilder, Value, Value> layers) =>
        TinyGraphs.Between((net, x) => layers(net, net.PRelu(net.Conv(x, "a", 18, 3), "act")));
}
