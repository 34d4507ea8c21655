using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.MultiScale.Rules;

public class ShapeRuleTests
{
    [Fact]
    public void A_shape_is_the_sources_computed_from_the_inputs_size() => RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.ResizeTo(x, net.Binary("Mul", net.ShapeOf(x), net.Integers(1, 1, 2, 2)))));

    [Fact]
    public void A_part_of_a_shape_closes_the_space() => Assert.Equal(
        "Shape '/Shape' reads a part of the shape",
        RuleCheck.WhyInputStaysFull(TinyGraphs.Between((net, x) =>
        {
            var space = net.Emit("Shape", 0, x).With("start", 2).With("end", 4).Output;
            return net.ResizeTo(x, net.ConcatVectors(net.Slice(net.ShapeOf(x), [0], [0], [2]), space));
        })));
}
