using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class FillRuleTests
{
    [Fact]
    public void A_state_of_zeros_is_made_at_every_branchs_size() => Same(
        (net, x) => net.Conv(net.Concat(x, Zeros(net, x)), "a", 12, 3),
        (net, x) => net.Conv(net.Concat(x, net.Scale(x, 0)), "a", 12, 3));

    [Fact]
    public void A_number_that_is_expanded_to_a_feature_is_too() => Same(
        (net, x) => net.Conv(net.Concat(x, net.Emit("Expand", 12, net.Scalar(0.5f), net.ShapeOf(x)).Output), "a", 12, 3),
        (net, x) => net.Conv(net.Concat(x, net.Add(net.Scale(x, 0), net.Scalar(0.5f))), "a", 12, 3));

    [Fact]
    public void A_pooled_vector_that_is_expanded_goes_to_every_branch() => Same(
        (net, x) => net.Conv(net.Concat(x, net.Emit("Expand", 12, net.GlobalAveragePool(x), net.ShapeOf(x)).Output), "a", 12, 3),
        (net, x) => net.Conv(net.Concat(x, net.Add(net.Scale(x, 0), net.GlobalAveragePool(x))), "a", 12, 3));

    [Fact]
    public void A_row_that_is_expanded_closes_its_space() => Assert.Equal(
        "Expand '/Expand' repeats '/ReduceMean_output_0', which isn't the same at every pixel",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) =>
            net.Concat(x, net.Emit("Expand", 12, net.Reduce("ReduceMean", net.Conv(x, "a", 12, 3), 2), net.ShapeOf(x)).Output))));

    private static Value Zeros(NetBuilder net, Value x) => net.Emit("ConstantOfShape", 12, net.ShapeOf(x)).Output;

    // The reference runs the network without the operator; at even and odd sizes.
    private static void Same(Func<NetBuilder, Value, Value> layers, Func<NetBuilder, Value, Value> equivalent)
    {
        foreach (var options in new ConversionOptions[] { new() { Branches = 2 },
            new() { Branches = 3, Interaction = Interaction.Full } })
        {
            var result = Agreement.Check(() => TinyGraphs.Between(layers), options,
                equivalent: () => TinyGraphs.Between(equivalent));
            Assert.DoesNotContain(result.Plan.Convs, c => c.Role == ConvRole.Kept);
        }
    }
}
