using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class BinaryRuleTests
{
    private static readonly Shape StaticInput = Shape.Known(1, 3, 8, 8);

    [Fact]
    public void A_skip_is_added_branch_by_branch() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Add(x, net.Conv(x, "a", 12, 3))));

    [Fact]
    public void Constants_per_channel_are_shared_out_and_a_number_serves_all() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
    {
        x = net.Mul(net.Relu(x), net.UniformParameter("scale", 0.5, 2, 12, 1, 1));
        return net.Sub(net.Scalar(1), net.Div(x, net.UniformParameter("divisor", 1, 2, 1, 12, 1, 1)));
    }));

    [Fact]
    public void A_gate_of_one_pixel_per_channel_is_split() => RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.GlobalAveragePool(x)))));

    [Fact]
    public void A_gate_of_one_pixel_for_all_channels_serves_all_branches() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.Conv(net.GlobalAveragePool(x), "gate", 1, 1)))));

    [Fact]
    public void A_map_of_one_channel_is_averaged_to_every_scale() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.Conv(x, "map", 1, 3)))));

    [Theory]
    [InlineData("Min"), InlineData("Max"), InlineData("Sum"), InlineData("Mean")]
    public void Operators_with_several_operands_go_branch_by_branch(string op) =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
        net.Emit(op, 12, x, net.Relu(x), net.Conv(x, "a", 12, 3)).Output));

    [Fact]
    public void A_power_of_a_feature_goes_branch_by_branch() => RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
        net.Binary("Pow", net.Relu(x), net.Scalar(2))));

    [Fact]
    public void Padding_channels_take_the_constants_of_the_channels_they_copy()
    {
        var converted = TinyGraphs.Between((net, x) =>
        {
            var shifted = net.Add(net.Relu(x), net.UniformParameter("shift", 1, 2, 7, 1, 1));
            return net.Mul(shifted, net.UniformParameter("scale", 2, 3, 7, 1, 1));
        }, channels: 7).Converted();
        foreach (var name in new[] { "shift/branch2", "scale/branch2" })
        {
            Assert.Equal(converted.Initializer(name).Initializer!.ToFloats()[0],
                converted.Initializer(name).Initializer!.ToFloats()[3]);
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(4)]
    public void Padding_channels_stay_finite_behind_a_logarithm_of_a_shifted_feature(int branches)
    {
        var model = TinyGraphs
            .Between((net, x) => net.Unary("Log", net.Add(net.Relu(x), net.UniformParameter("shift", 1, 2, 7, 1, 1))),
                channels: 7);
        var converted = Converter.Convert(model, new ConversionOptions { Branches = branches }, new SliceInitializer()).Model;
        Assert.True(OrtRun.Run(converted, OrtRun.Noise(1, 1, 3, 9, 7))[0].IsFinite());
    }

    [Fact]
    public void A_constant_read_twice_stays_one_initializer_per_branch()
    {
        var converted = TinyGraphs.Between((net, x) =>
        {
            var scale = net.UniformParameter("scale", 0.5, 2, 12, 1, 1);
            return net.Mul(net.Relu(net.Mul(net.Relu(x), scale)), scale);
        }).Converted();
        Assert.Equal([2, 2], new[] { "scale/branch1", "scale/branch2" }.Select(name => converted.Initializer(name).Uses.Count));
    }

    [Fact]
    public void A_constant_that_varies_over_space_closes_the_space() => Assert.Equal(
        "Add '/Add' combines it with the constant 'positions' of shape [12, 8, 8], which isn't the same at every pixel",
        RuleCheck.WhyInputIsNotBranched(Static((net, x) => net.Add(x, net.UniformParameter("positions", -1, 1, 12, 8, 8)))));

    [Fact]
    public void A_vector_that_is_no_constant_closes_the_space() => Assert.Equal(
        "Mul '/Mul' combines it with '/Reshape_output_0' of another shape",
        RuleCheck.WhyInputIsNotBranched(Static((net, x) => net.Mul(x, net.Reshape(net.GlobalAveragePool(x), 0, 12, 1, 1)))));

    [Fact]
    public void A_row_of_pixels_closes_the_space() => Assert.Equal(
        "Mul '/Mul' combines it with 'row' of another shape",
        RuleCheck.WhyInputIsNotBranched(Static((net, x) => net.Mul(x, net.Input(Shape.Known(1, 12, 1, 8), "row")))));

    [Fact]
    public void The_conv_behind_a_map_of_one_channel_fuses()
    {
        var decision = RuleCheck.Decision(TinyGraphs.Between((net, x) => net.Mul(x, net.Sigmoid(net.Conv(x, "map", 1, 3)))),
            "/map/Conv");
        Assert.Equal(ConvRole.Fusion, decision.Role);
        Assert.Equal("leaves a feature space; its output is not branched: Mul '/Mul' spreads its one channel over all channels",
            decision.Reason);
    }

    private static Model Static(Func<Zoo.NetBuilder, Value, Value> layers) =>
        TinyGraphs.Of(StaticInput, (net, x) => net.Conv(layers(net, net.Conv(x, "head", 12, 3)), "tail", 3, 3));
}
