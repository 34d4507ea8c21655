using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class PReluRuleTests
{
    [Fact]
    public void Slopes_per_channel_are_shared_out_with_the_channels() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.PRelu(x, "act")));

    [Fact]
    public void A_single_slope_serves_all_branches() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.PRelu(x, "act", 1)));

    [Fact]
    public void Slopes_with_a_batch_axis_are_shared_out_too() =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) => net.PRelu(x, "act", 1, 12, 1, 1)));

    [Fact]
    public void A_computed_slope_closes_the_space() => Assert.Equal(
        "the slope of PRelu '/PRelu' is computed in the graph",
        RuleCheck.WhyInputIsNotBranched(
            TinyGraphs.Between((net, x) => net.Binary("PRelu", x, net.Sigmoid(net.GlobalAveragePool(x))))));

    [Fact]
    public void Slopes_that_vary_over_space_close_the_space() => Assert.Equal(
        "the slope of PRelu '/act/PRelu' of shape [12, 8, 8] varies over space",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
            net.Conv(net.PRelu(net.Conv(x, "head", 12, 3), "act", 12, 8, 8), "tail", 3, 3))));
}
