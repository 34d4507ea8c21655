using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class PoolRuleTests
{
    [Fact]
    public void Every_branch_is_pooled_by_the_same_window() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Between((net, x) => net.Resize(net.MaxPool(x, 2, 2), 2)), downscale: 2, sourceMultiple: 2);

    [Fact]
    public void A_pooling_that_keeps_the_size_goes_branch_by_branch() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.AveragePool(x, 3, 1, 1)));

    [Fact]
    public void A_window_that_shrinks_the_size_closes_its_spaces() => Assert.Equal(
        "MaxPool '/MaxPool' stands beside it, and it shrinks the height by 1 beside its stride (kernel 3, pads 0+0), "
            + "which does not scale with the branch",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Relu(net.MaxPool(x, 3, 2)))));

    [Fact]
    public void A_pooling_whose_indices_are_read_closes_its_spaces() => Assert.Equal(
        "MaxPool '/MaxPool' also gives the indices of the maxima",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var pooled = net.EmitMany(null, "MaxPool", [12, 12], [x]).With("kernel_shape", [2, 2]).With("strides",
                [2, 2]).Outputs;
            net.Output(pooled[1]!, new Shape(Dim.Of("batch"), 12, Dim.Of("pooled_rows"), Dim.Of("pooled_columns")), "indices",
                ElementType.Int64);
            return pooled[0]!;
        })));

    [Fact]
    public void A_pooling_into_one_pixel_closes_its_spaces() => Assert.Equal(
        "AveragePool '/AveragePool' pools everything into one pixel",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
        {
            var head = net.Conv(x, "head", 12, 3);
            return net.Conv(net.Mul(head, net.AveragePool(head, 8, 8)), "tail", 3, 3);
        })));
}
