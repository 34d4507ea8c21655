using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Branching.Rules;

public class NormalizationRuleTests
{
    [Fact]
    public void Statistics_of_a_batch_normalisation_are_shared_out_with_the_channels() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.BatchNorm(net.Relu(x), "norm")));

    [Fact]
    public void An_instance_normalisation_goes_branch_by_branch() =>
        RuleCheck.GoesBranchByBranch(() => TinyGraphs.Between((net, x) => net.InstanceNorm(x, "norm")));

    [Fact]
    public void A_padding_channel_is_normalised_as_the_channel_it_copies()
    {
        var model = TinyGraphs.Between((net, x) => net.BatchNorm(net.Relu(x), "norm"), channels: 7);
        var converted = model.Converted();
        foreach (var parameter in new[] { "weight", "bias", "running_mean", "running_var" })
        {
            var share = converted.Initializer($"norm.{parameter}/branch2").Initializer!.ToFloats();
            Assert.Equal(share[0], share[3]);
        }
    }

    [Fact]
    public void A_computed_parameter_closes_the_space() => Assert.Equal(
        "a parameter of InstanceNormalization '/InstanceNormalization' is computed in the graph",
        WhyTailIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var scale = net.Graph.AddInput(new Value("scale", new TensorType(ElementType.Float, Shape.Known(12))));
            return net.Emit("InstanceNormalization", 12, x, scale, net.UniformParameter("bias", 0, 1, 12)).Output;
        })));

    [Fact]
    public void A_batch_normalisation_in_training_form_closes_the_space() => Assert.Equal(
        "BatchNormalization '/norm/BatchNormalization' is in training form",
        WhyTailIsNotBranched(TinyGraphs.Between((net, x) =>
        {
            var y = net.BatchNorm(net.Relu(x), "norm");
            y.Producer!.With("training_mode", 1);
            return y;
        })));

    // Planned only: ONNX Runtime doesn't run all of these.
    private static string WhyTailIsNotBranched(Model model)
    {
        var plan = Converter.Convert(model, new ConversionOptions(), new SliceInitializer()).Plan;
        var reason = plan.Convs.Single(c => c.Node.Name == "/tail/Conv").Reason;
        return reason.Replace("not branched: input: ", "", StringComparison.Ordinal)
            .Replace("; output: it is the network's output", "", StringComparison.Ordinal);
    }
}
