using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class ShapeRuleTests
{
    [Fact]
    public void A_shape_is_the_sources_computed_from_the_inputs_size() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.ResizeTo(x, net.Binary("Mul", net.ShapeOf(x), net.Integers(1, 1, 2, 2)))));

    [Fact]
    public void A_part_of_a_shape_is_read_off_the_finest_branch_too()
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Agreement.Check(
                () => Enlarged((net, x, start, end) => net.Emit("Shape", 0, x).With("start", start).With("end", end).Output),
                new ConversionOptions { Branches = branches },
                equivalent: () => Enlarged((net, x, start, end) => net.Slice(net.ShapeOf(x), [0], [start], [end])));
            Assert.DoesNotContain(result.Plan.Convs, c => c.Role == ConvRole.Kept);
        }
    }

    private static Model Enlarged(Func<NetBuilder, Value, long, long, Value> part) => TinyGraphs.Between((net, x) =>
        net.ResizeTo(x, net.ConcatVectors(part(net, x, 0, 2), net.Binary("Mul", part(net, x, -2, 4), net.Integers(2, 2)))));
}
