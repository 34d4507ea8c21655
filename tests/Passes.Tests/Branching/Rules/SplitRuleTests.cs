using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class SplitRuleTests
{
    [Fact]
    public void Every_branch_splits_its_own_part() => RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
    {
        var parts = net.Split(net.PRelu(net.Conv(x, "a", 18, 3), "act"), 6, 12);
        return net.Concat(parts[1], net.Relu(parts[0]));
    }), new Dictionary<string, Sharing> { ["/a/Conv"] = Sharing.InRuns(6, 12) });

    [Fact]
    public void Parts_that_do_not_divide_fill_up_by_themselves() => RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
    {
        var parts = net.Split(net.PRelu(net.Conv(x, "a", 12, 3), "act"), 5, 7);
        return net.Concat(parts[1], net.PRelu(parts[0], "first"));
    }), new Dictionary<string, Sharing> { ["/a/Conv"] = Sharing.InRuns(5, 7) });

    [Fact]
    public void A_split_along_the_width_closes_its_spaces() => Assert.Equal(
        "Split '/Split' takes apart more than channels",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(GraphIR.Shape.Known(1, 3, 8, 8), (net, x) =>
        {
            var parts = net.EmitMany(null, "Split", [12, 12], [net.Conv(x, "head", 12, 3), net.Integers(4, 4)]).With("axis",
                3).Outputs;
            return net.Conv(net.Add(parts[0]!, parts[1]!), "tail", 3, 3);
        })));

    [Fact]
    public void A_part_too_narrow_to_share_out_closes_its_spaces() => Assert.Equal(
        "a part of '/head/Conv_output_0' has only 1 channel to partition",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Concat(net.Split(x, 11, 1)))));
}
