using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class ConcatRuleTests
{
    [Fact]
    public void Every_branch_concatenates_its_own_parts() => RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.PRelu(net.Concat(x, net.Conv(x, "grown", 6, 3)), "act")));

    [Fact]
    public void An_image_among_the_parts_goes_to_every_branch_at_its_scale() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Of((net, x) =>
        net.Conv(net.PRelu(net.Concat(net.Conv(x, "head", 12, 3), x), "act"), "tail", 3, 3)));

    [Fact]
    public void A_part_that_stands_twice_is_concatenated_twice() =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) => net.Concat(x, x)));

    [Fact]
    public void A_concatenation_along_the_height_closes_its_spaces() => Assert.Equal(
        "Concat '/Concat' joins more than channels of feature maps",
        RuleCheck.WhyInputIsNotBranched(
            TinyGraphs.Between((net, x) => net.Emit("Concat", 12, x, net.Relu(x)).With("axis", 2).Output)));

    [Fact]
    public void A_part_that_is_a_constant_closes_its_spaces() => Assert.Equal(
        "Concat '/Concat' joins more than channels of feature maps",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
            net.Conv(net.Concat(net.Conv(x, "head", 12, 3), net.UniformParameter("positions", 0, 1, 1, 2, 8, 8)), "tail", 3,
                3))));
}
