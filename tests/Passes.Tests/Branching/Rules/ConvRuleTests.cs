using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class ConvRuleTests
{
    [Fact]
    public void A_conv_between_two_spaces_becomes_an_interaction() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3)));

    [Fact]
    public void A_conv_without_bias_stays_without() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Of((net, x) =>
            net.Conv(net.Conv(net.Conv(x, "head", 12, 3, bias: false), "a", 12, 3, bias: false), "tail", 3, 3, bias: false)));

    [Fact]
    public void A_transposed_conv_becomes_an_interaction_of_transposed_convs() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.ConvTranspose(x, "a", 18, 3, 2, 1, 1)));

    [Fact]
    public void Transposed_convs_enter_and_leave_feature_spaces() => RuleCheck.Agree(() => TinyGraphs.Of((net, x) =>
        net.ConvTranspose(net.Relu(net.ConvTranspose(x, "head", 12, 2, 2, 0)), "tail", 3, 9, 3, 4, 2)));

    [Fact]
    public void A_strided_conv_keeps_its_stride_in_every_branch() => RuleCheck.GoesBranchByBranch(
        () => TinyGraphs.Between((net, x) => net.Resize(net.Conv(x, "a", 12, 3, stride: 2), 2)), downscale: 2, sourceMultiple: 2);

    [Fact]
    public void A_strided_first_conv_separates_at_its_own_output() => RuleCheck.Agree(
        () =>
            TinyGraphs
                .Of((net, x) => net.ConvTranspose(net.Conv(x, "head", 12, 7, stride: 4, padding: (3, 2)), "tail", 3, 4, 4, 0)),
        downscale: 4, sourceMultiple: 4);

    [Fact]
    public void Windows_may_be_dilated_and_longer_than_high() => RuleCheck.Agree(() => TinyGraphs.Between((net, x) =>
        net.Conv(net.Conv(net.Conv(x, "a", 12, (1, 3)), "b", 12, (5, 1)), "c", 12, 3, dilation: 5)));

    [Fact]
    public void Groups_that_divide_keep_their_count() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Conv(x, "a", 24, 3, groups: 2), channels: 12));

    [Theory]
    [InlineData(32, 8), InlineData(32, 16), InlineData(36, 9), InlineData(64, 16)]
    public void Many_narrow_groups_go_branch_by_branch_too(int channels, int groups)
    {
        foreach (var branches in new[] { 2, 3, 4 })
        {
            var source = TinyGraphs.Between((net, x) => net.Conv(x, "a", channels, 3, groups: groups), channels);
            var result = Converter.Convert(source, new ConversionOptions { Branches = branches }, new TestStart());
            Assert.Equal(ConvRole.Interaction, result.Plan.Convs[1].Role);
            Assert.Equal([1, 3, 5, 7], OrtRun.Run(result.Model, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
        }
    }

    [Theory]
    [InlineData(2, 4), InlineData(3, 12)]
    public void Groups_are_shared_out_within_or_whole_whichever_is_narrower(int branches, int width)
    {
        var runs = branches == 2 ? Reference.Sharing.InRuns(2, 2, 2, 2) : new Reference.Sharing((32, 4));
        var channels = branches == 2 ? 8 : 32;
        var groups = branches == 2 ? 4 : 8;
        var result = Agreement.Check(
            () => TinyGraphs.Between((net, x) => net.PRelu(net.Conv(x, "a", channels, 3, groups: groups), "act"), channels),
            new ConversionOptions { Branches = branches },
                new Dictionary<string, Reference.Sharing>
                { ["/head/Conv"] = runs, ["/a/Conv"] = runs });
        Assert.Equal(width, result.Model.Initializer("a.weight/same").Initializer!.Dims[0]);
    }

    [Fact]
    public void A_depthwise_conv_stays_depthwise()
    {
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3, groups: 12)));
        var converted = TinyGraphs.Between((net, x) => net.Conv(x, "a", 12, 3, groups: 12)).Converted();
        Assert.Equal([6, 1, 3, 3], converted.Initializer("a.weight/same").Initializer!.Dims);
    }

    [Fact]
    public void A_grouped_conv_that_enters_a_space_stays_and_its_channels_are_picked() => RuleCheck.Agree(
        () => TinyGraphs.Between((net, x) => net.PRelu(net.Conv(net.Softmax(x, 1), "a", 12, 3, groups: 2), "act")),
        new Dictionary<string, Reference.Sharing> { ["/a/Conv"] = Reference.Sharing.InRuns(6, 6) });

    [Fact]
    public void A_conv_whose_groups_go_to_branches_whole_ties_both_sides_into_one_space() => Assert.Equal(
        "Softmax '/Softmax' can't be done branch by branch",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Conv(net.Softmax(x, 1), "a", 12, 3, groups: 12))));

    [Fact]
    public void A_grouped_conv_that_leaves_a_space_fuses_its_groups() =>
        RuleCheck
            .Agree(
                () => TinyGraphs.Of((net, x) => net.Softmax(net.Conv(net.Conv(x, "head", 12, 3), "tail", 12, 3, groups: 2), 1)));

    [Fact]
    public void A_depthwise_conv_that_leaves_a_space_still_loads_and_runs()
    {
        var model = TinyGraphs.Of((net, x) => net.Softmax(net.Conv(net.Conv(x, "head", 12, 3), "tail", 12, 3, groups: 12), 1));
        var converted = model.Converted();
        Assert.Equal([1, 12, 5, 7], OrtRun.Run(converted, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
    }

    [Fact]
    public void Weights_computed_in_the_graph_keep_the_conv()
    {
        var decision = Plan(TinyGraphs.Between((net, x) => net.Emit("Conv", 12, x, Input(net, "kernel", 12, 12, 1, 1)).Output),
            "/Conv");
        Assert.Equal(ConvRole.Kept, decision.Role);
        Assert.Equal("the weights of Conv '/Conv' are computed in the graph", decision.Reason);
    }

    [Fact]
    public void A_bias_computed_in_the_graph_keeps_the_conv() => Assert.Equal(
        "the bias of Conv '/a/Conv' is computed in the graph",
        Plan(TinyGraphs.Between((net, x) =>
            net.ConvWith(x, "a", net.NormalParameter("kernel", 1, 12, 12, 1, 1), Input(net, "bias", 12), 12, 1)),
                "/a/Conv").Reason);

    [Fact]
    public void Weights_that_another_operator_reads_keep_the_conv() => Assert.Equal(
        "Mul '/Mul' reads the weights of Conv '/a/Conv' too",
        RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var kernel = net.NormalParameter("kernel", 1, 12, 12, 1, 1);
            var y = net.ConvWith(x, "a", kernel, null, 12, 1);
            return net.Mul(y, net.Reduce("ReduceMean", net.Mul(kernel, net.GlobalAveragePool(x)), 0, 1, 2, 3));
        }), "/a/Conv").Reason);

    [Fact]
    public void A_conv_whose_size_does_not_follow_its_stride_closes_what_it_reads()
    {
        // The pooled gate sees no margin, so the pixels that the conv cuts off can't be cut off at the end instead.
        var decision = RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var cut = net.Conv(x, "a", 12, 3, padding: 0);
            return net.Mul(cut, net.Sigmoid(net.GlobalAveragePool(cut)));
        }), "/a/Conv");
        Assert.Equal(
            "enters a feature space; its input is not branched: Conv '/a/Conv' reads it, and it shrinks the height by 2 beside its stride "
            + "(kernel 3, pads 0+0), which does not scale with the branch", decision.Reason);
    }

    [Fact]
    public void Convs_that_share_weights_are_tied_into_one_space() => Assert.Equal(
        "Softmax '/Softmax' can't be done branch by branch",
        RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var kernel = net.NormalParameter("kernel", 1, 12, 12, 1, 1);
            var first = net.ConvWith(x, "a", kernel, null, 12, 1);
            return net.ConvWith(net.Softmax(first, 1), "b", kernel, null, 12, 1);
        }), "/a/Conv").Reason);

    [Fact]
    public void A_conv_that_shares_weights_with_one_on_pooled_values_is_kept() => Assert.Equal(
        "its conv shares weights with one that works on '/a/Conv_output_0'",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var kernel = net.NormalParameter("kernel", 1, 12, 12, 1, 1);
            var gate = net.ConvWith(net.GlobalAveragePool(x), "a", kernel, null, 12, 1);
            return net.Mul(net.ConvWith(x, "b", kernel, null, 12, 1), gate);
        })));

    [Fact]
    public void A_conv_in_one_dimension_is_no_part_of_a_space()
    {
        var decision = RuleCheck.Decision(TinyGraphs.Between((net, x) =>
        {
            var line = net.Reshape(x, 0, 0, 12, -1);
            var y = net.Emit("Conv", 0, line, net.NormalParameter("line", 1, 12, 12, 1)).Output;
            return net.Mul(x, net.Reshape(net.Reduce("ReduceMean", y, 0, 1, 2), 1, 1, 1, 1, 1));
        }), "/Conv");
        Assert.Equal(ConvRole.Kept, decision.Role);
        Assert.Equal(
            "not branched: input: '/Reshape_output_0' has 3 dimensions, not N,C,H,W; "
            + "output: '/Conv_output_0' has 3 dimensions, not N,C,H,W", decision.Reason);
    }

    private static Value Input(Zoo.NetBuilder net, string name, params long[] dims) =>
        net.Graph.AddInput(new Value(name, new TensorType(ElementType.Float, Shape.Known(dims))));

    private static ConvDecision Plan(Model model, string conv) =>
        Converter.Convert(model, new ConversionOptions(), new SliceInitializer()).Plan.Convs.Single(c => c.Node.Name == conv);
}
