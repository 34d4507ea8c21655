using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class PadRuleTests
{
    // Reflection needs more pixels than it mirrors, in the coarsest branch too.
    private static readonly (int, int)[] Sizes = [(16, 8), (9, 15)];

    [Theory]
    [InlineData("reflect"), InlineData("edge"), InlineData("constant")]
    public void A_margin_that_only_convs_read_goes_with_them(string mode) => RuleCheck.Agree(() => Margin(mode), sizes: Sizes);

    [Fact]
    public void A_margin_is_written_once_for_every_value_that_a_kernel_reads() =>
        RuleCheck.GoesBranchByBranch(() => Margin("reflect"), sizes: Sizes);

    [Fact]
    public void A_margin_in_front_of_the_first_and_last_conv_goes_with_them() => RuleCheck.Agree(() => TinyGraphs.Of((net, x) =>
        net.Conv(net.Pad(net.Relu(net.Conv(net.Pad(x, 2), "head", 12, 5, padding: 0)), 1, "edge"), "tail", 3, 3, padding: 0)),
            sizes: Sizes);

    [Fact]
    public void A_margin_that_is_too_wide_for_its_conv_closes_the_space() => Assert.Equal(
        "Conv '/a/Conv' reads it, and it grows the height by 2 beside its stride (kernel 3, pads 0+0), which does not scale with the branch",
        RuleCheck.Decision(TinyGraphs.Between((net, x) => net.Conv(net.Pad(x, 2), "a", 12, 3, padding: 0)), "/head/Conv")
            .Reason.Split("; output: ")[1]);

    [Fact]
    public void A_margin_that_another_operator_reads_closes_its_spaces() => Assert.Equal(
        "Pad '/Pad' adds a margin, which does not scale with the branch",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Relu(net.Pad(x, 1)))));

    private static Model Margin(string mode) =>
        TinyGraphs.Between((net, x) => net.Conv(net.Pad(x, 1, mode), "a", 12, 3, padding: 0));
}
