using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class UnaryRuleTests
{
    [Fact]
    public void An_activation_is_repeated_for_every_branch() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.LeakyRelu(x, 0.3f)));

    [Fact]
    public void Bounds_of_a_clip_serve_all_branches() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.Clip(x, -0.2f, 0.4f)));

    [Theory]
    [InlineData("Relu"), InlineData("ThresholdedRelu"), InlineData("Elu"), InlineData("Celu"), InlineData("Selu"),
        InlineData("Sigmoid")]
    [InlineData("HardSigmoid"), InlineData("HardSwish"), InlineData("Softplus"), InlineData("Softsign"), InlineData("Tanh")]
    [InlineData("Exp"), InlineData("Abs"), InlineData("Neg"), InlineData("Sin"), InlineData("Cos"), InlineData("Atan")]
    [InlineData("Sinh"), InlineData("Cosh"), InlineData("Tan"), InlineData("Asinh"), InlineData("Shrink")]
    public void Functions_of_single_elements_compute_the_same_on_every_branch(string op) =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) => net.Unary(op, x)));

    [Fact]
    public void A_swish_of_opset_24_goes_branch_by_branch() =>
        RuleCheck.Agree(() => TinyGraphs.Between((net, x) => net.Unary("Swish", x), opset: 24));

    [Fact]
    public void A_cast_between_floating_point_types_is_repeated() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) =>
        net.Cast(net.Relu(net.Cast(x, ElementType.Double)), ElementType.Float)));

    [Fact]
    public void A_cast_to_integers_closes_its_space() => Assert.Equal(
        "Cast '/Cast_1' changes the element type",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Cast(net.Cast(x, ElementType.Int32), ElementType.Float))));

    [Fact]
    public void A_dropout_whose_mask_is_read_closes_its_space() => Assert.Equal(
        "Dropout '/Dropout' has a second output that is read",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var outputs = net.EmitMany(null, "Dropout", [12, 12], [x]).Outputs;
            net.Output(outputs[1]!, new Shape(Dim.Of("batch"), 12, Dim.Of("height"), Dim.Of("width")), "mask", ElementType.Bool);
            return outputs[0]!;
        })));

    [Fact]
    public void An_operator_without_a_rule_closes_its_space() => Assert.Equal(
        "Softmax '/Softmax' can't be done branch by branch",
        RuleCheck.WhyInputIsNotBranched(TinyGraphs.Between((net, x) => net.Softmax(x, 1))));
}
