using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class ResizeRuleTests
{
    [Fact]
    public void Every_branch_is_resized_by_the_same_factor() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Resize(x, 2)));

    [Fact]
    public void A_linear_resize_interpolates_every_branch() =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) => net.Resize(x, 2, "linear")));

    [Fact]
    public void Halving_and_doubling_need_a_larger_multiple() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Between((net, x) => net.Resize(net.Relu(net.Resize(x, 0.5f)), 2)), downscale: 2, sourceMultiple: 2);

    [Fact]
    public void A_size_that_is_constant_is_halved_for_every_coarser_branch() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Of(Shape.Known(2, 3, 8, 16), (net, x) =>
            net.Conv(net.ResizeTo(net.Conv(x, "head", 12, 3), net.Integers(2, 12, 16, 32)), "tail", 3, 3)), sizes: [(8, 16)]);

    [Fact]
    public void A_size_computed_from_another_value_is_written_for_every_branch() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Between((net, x) => net.ResizeLike(net.MaxPool(net.Conv(x, "a", 12, 3), 2, 2), x)), downscale: 2);

    [Fact]
    public void Scales_that_are_an_input_of_the_network_close_the_spaces() => Assert.Equal(
        "not branched: input: it is the network's input; output: the size that Resize '/Resize' makes isn't known",
        RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var scales = net.Graph.AddInput(new Value("scales", new TensorType(ElementType.Float, Shape.Known(4))));
            return net.Resize(x, scales, "nearest");
        }), "/head/Conv").Reason);

    [Fact]
    public void A_resize_that_crops_closes_its_spaces() => Assert.Equal(
        "not branched: input: it is the network's input; output: the size that Resize '/Resize' makes isn't known",
        RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var roi = net.Constant(TensorData.Of([0f, 0, 0, 0, 1, 1, 1, 1], 8));
            return net.Emit("Resize", 12, x, roi, net.Constant(TensorData.Of([1f, 1, 2, 2], 4)))
                .With("coordinate_transformation_mode", "tf_crop_and_resize").With("mode", "nearest").Output;
        }), "/head/Conv").Reason);

    [Fact]
    public void A_resize_along_height_and_width_is_the_plain_form()
    {
        var result = Agreement.Check(
            () => TinyGraphs.Between((net, x) => net.Emit("Resize", 12, x, null, net.Constant(TensorData.Of([2f, 2], 2)))
                .With("axes", [-2, 3]).With("mode", "nearest").With("coordinate_transformation_mode",
                    "asymmetric").With("nearest_mode", "floor").Output, opset: 18),
            new ConversionOptions { Branches = 3 }, equivalent: () => TinyGraphs.Between((net, x) => net.Resize(x, 2)));
        Assert.DoesNotContain(result.Plan.Convs, c => c.Role == ConvRole.Kept);
    }

    [Fact]
    public void A_resize_of_one_axis_to_a_fraction_of_the_other_closes_its_spaces() => Assert.Equal(
        "Resize '/Resize' resizes along chosen axes to sizes of its own, or crops",
        RuleCheck.WhyInputIsNotBranched(
            TinyGraphs.Of(Shape.Known(1, 3, 8, 8),
                (net, x) => net.Conv(net.Emit("Resize", 12, net.Conv(x, "head", 12, 3), null, null, net.Integers(16, 16))
            .With("axes", [2, 3]).With("keep_aspect_ratio_policy", "not_larger").With("mode", "nearest").Output, "tail", 3, 3),
            opset: 18)));

    [Fact]
    public void A_resize_that_reads_a_feature_map_beside_its_data_closes_its_spaces() => Assert.Equal(
        "Resize '/Resize' reads a feature map as region, scales or sizes",
        RuleCheck.WhyInputIsNotBranched(
            TinyGraphs.Between((net, x) => net.Emit("Resize", 12, x, x, net.Constant(TensorData.Of([1f, 1, 2, 2], 4)))
            .With("mode", "nearest").With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor").Output)));

    [Fact]
    public void A_resize_of_the_channels_closes_its_spaces() => Assert.Equal(
        "the size that Resize '/Resize' makes isn't known",
        RuleCheck.WhyInputIsNotBranched(
            TinyGraphs.Between((net, x) => net.Emit("Resize", 24, x, null, net.Constant(TensorData.Of([1f, 2, 1, 1], 4)))
            .With("mode", "nearest").With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor").Output)));
}
