using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class GlobalPoolRuleTests
{
    [Fact]
    public void The_pooled_vectors_of_the_branches_are_put_together() =>
        RuleCheck.GoesBranchByBranch(() => Attention("GlobalAveragePool", 12));

    [Fact]
    public void Vectors_of_filled_branches_are_put_into_the_sources_order() =>
        RuleCheck.GoesBranchByBranch(() => Attention("GlobalAveragePool", 13));

    [Fact]
    public void A_sum_over_a_coarser_branch_counts_every_pixel_four_times() =>
        RuleCheck.GoesBranchByBranch(() => Attention("ReduceSum", 12));

    [Theory]
    [InlineData("GlobalMaxPool"), InlineData("ReduceMean"), InlineData("ReduceMax"), InlineData("ReduceMin"),
        InlineData("ReduceL1")]
    [InlineData("ReduceL2"), InlineData("ReduceSumSquare")]
    public void Statistics_over_height_and_width_agree_with_the_reference(string op) => RuleCheck.Agree(() => Attention(op, 12));

    [Fact]
    public void Segments_that_are_shared_out_by_themselves_are_pooled_into_the_sources_order() =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
    {
        var both = net.Concat(x, net.Conv(x, "a", 12, 3));
        return net.Mul(both, net.Sigmoid(net.Conv(net.GlobalAveragePool(both), "gate", 24, 1)));
    }));

    [Fact]
    public void A_reduction_over_channels_closes_its_space() => Assert.Equal(
        "ReduceMean '/ReduceMean' doesn't reduce exactly height and width",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Mul(x, net.Reduce("ReduceMean", x, 1)))));

    [Fact]
    public void A_reduction_over_the_height_alone_closes_its_space() => Assert.Equal(
        "ReduceMax '/ReduceMax' doesn't reduce exactly height and width",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
        {
            var head = net.Conv(x, "head", 12, 3);
            return net.Conv(net.Mul(head, net.Reduce("ReduceMax", head, 2)), "tail", 3, 3);
        })));

    [Fact]
    public void A_reduction_of_what_is_no_map_closes_the_space_of_its_output() => Assert.Equal(
        "ReduceL2 '/ReduceL2' doesn't reduce exactly height and width",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var five = net.Emit("Unsqueeze", 12, x, net.Integers(0)).Output;
            return net.Add(x, net.Emit("ReduceL2", 12, five).With("axes", [0]).With("keepdims", 0).Output);
        })));

    private static Model Attention(string op, int channels) => TinyGraphs.Between((net, x) =>
    {
        var pooled = op.StartsWith("Global", StringComparison.Ordinal) ? net.Unary(op, x) : net.Reduce(op, x, 2, 3);
        return net.Mul(x, net.Sigmoid(net.Conv(net.Scale(pooled, 0.1f), "gate", channels, 1)));
    }, channels);
}
