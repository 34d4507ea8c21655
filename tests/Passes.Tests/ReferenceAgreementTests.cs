using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests;

/// <summary>
/// What the converted models compute, not only their shape: the reference implementation agrees with ONNX Runtime for 2, 3 and 4
/// branches in both modes, at multiples and at odd sizes.
/// </summary>
public class ReferenceAgreementTests
{
    public static TheoryData<int, Interaction> Forms => new()
    {
        { 2, Interaction.Adjacent }, { 3, Interaction.Adjacent }, { 4, Interaction.Adjacent },
        { 2, Interaction.Full }, { 3, Interaction.Full }, { 4, Interaction.Full },
    };

    [Theory, MemberData(nameof(Forms))]
    public void Residual_blocks_and_pixel_shuffle(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            for (var i = 0; i < 2; i++)
                x = net.Add(x, net.Conv(net.Relu(net.Conv(x, $"body{i}", 12, 3)), $"skip{i}", 12, 3));
            return net.Relu(net.PixelShuffle(net.Conv(x, "up", 48, 3), 2));
        }), new() { ["/up/Conv"] = new Sharing((48, 4)) });

    [Theory, MemberData(nameof(Forms))]
    public void Dense_concatenation_and_distillation_splits(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var grown = net.LeakyRelu(net.Conv(net.Concat(x, net.Sigmoid(net.Conv(x, "a", 12, 3))), "b", 36, 1));
            var parts = net.Split(grown, 12, 24);
            return net.Concat(x, parts[0], net.Tanh(net.Conv(parts[1], "c", 12, (1, 3))));
        }), new() { ["/b/Conv"] = Sharing.InRuns(12, 24) });

    [Theory, MemberData(nameof(Forms))]
    public void Normalisation_slopes_and_constants_per_channel(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            x = net.PRelu(net.BatchNorm(net.Relu(net.Conv(x, "a", 12, 3)), "bn"), "act");
            x = net.Mul(net.Add(x, net.UniformParameter("shift", -1, 1, 12, 1, 1)),
                net.UniformParameter("scale", 0.5, 1.5, 1, 12, 1, 1));
            return net.PRelu(net.InstanceNorm(net.Conv(x, "b", 12, 5, dilation: 2, bias: false), "in"), "one", 1);
        }));

    [Theory, MemberData(nameof(Forms))]
    public void Channel_attention_with_several_statistics(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var sum = net.Scale(net.Reduce("ReduceSum", x, 2, 3), 0.01f);
            var pooled = net.Add(net.GlobalAveragePool(x), net.Add(sum, net.Reduce("ReduceMax", x, 2, 3)));
            var gate = net.Sigmoid(net.Conv(net.Relu(net.Conv(pooled, "squeeze", 4, 1)), "excite", 12, 1));
            return net.Mul(net.Conv(x, "a", 12, 3), gate);
        }));

    [Theory, MemberData(nameof(Forms))]
    public void Encoder_and_decoder_with_strided_and_transposed_convs(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var half = net.Relu(net.Conv(x, "down", 12, 3, stride: 2));
            var quarter = net.MaxPool(net.Conv(half, "a", 12, 3), 2, 2);
            var back = net.ConvTranspose(net.Resize(quarter, 2), "up", 12, 4, 2, 1);
            return net.Add(x, back);
        }), downscale: 4, sourceMultiple: 4);

    [Theory, MemberData(nameof(Forms))]
    public void Grouped_and_depthwise_convs(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            x = net.Conv(net.Conv(x, "depthwise", 24, 3, groups: 24), "pointwise", 24, 1);
            x = net.ConvTranspose(net.Conv(x, "grouped", 24, 3, groups: 2), "wide", 24, 2, 2, 0, groups: 2);
            return net.AveragePool(x, 3, 1, 1);
        }, channels: 24));

    [Theory, MemberData(nameof(Forms))]
    public void Depth_to_space_and_back_in_both_orders(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var wide = net.PixelShuffle(net.Conv(x, "up", 48, 3), 2, "DCR");
            return net.PRelu(net.SpaceToDepth(net.Conv(wide, "a", 12, 3), 2), "act");
        }), new() { ["/up/Conv"] = Sharing.InRuns(12, 12, 12, 12) });

    [Theory, MemberData(nameof(Forms))]
    public void Channels_that_do_not_divide_are_filled_up(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var slopes = net.PRelu(net.BatchNorm(net.Relu(net.Conv(x, "a", 13, 3)), "bn"), "act");
            var gate = net.Sigmoid(net.Conv(net.GlobalAveragePool(slopes), "gate", 13, 1));
            var both = net.Concat(net.Mul(slopes, gate), x);
            return net.Mul(net.PixelShuffle(net.Conv(both, "up", 28, 3), 2), net.UniformParameter("scale", 0.5, 1.5, 7, 1, 1));
        }, channels: 13), new() { ["/up/Conv"] = new Sharing((28, 4)) });

    [Theory, MemberData(nameof(Forms))]
    public void Pixel_attention_and_a_size_taken_from_another_value(int branches, Interaction interaction) =>
        Check(branches, interaction, () => TinyGraphs.Between((net, x) =>
        {
            var map = net.Sigmoid(net.Conv(x, "map", 1, 3));
            var coarse = net.AveragePool(net.Conv(x, "a", 12, 3), 2, 2);
            return net.Mul(net.ResizeLike(coarse, x), map);
        }), downscale: 2);

    private static void Check(
        int branches, Interaction interaction, Func<Model> build, Dictionary<string, Sharing>? sharing = null, int downscale = 1,
        int sourceMultiple = 1) =>
        Agreement.Check(build, new ConversionOptions { Branches = branches, Interaction = interaction }, sharing, downscale,
            sourceMultiple);
}
