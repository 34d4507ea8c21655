using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

/// <summary>
/// Convs that share a weight in the source share what is made of it; weights that only happen to be equal don't.
/// </summary>
public class TiedWeightsTests
{
    [Theory]
    [InlineData(2, Interaction.Adjacent), InlineData(3, Interaction.Full)]
    public void One_initializer_of_several_convs_stays_one_per_derived_kernel(int branches, Interaction interaction)
    {
        var options = new ConversionOptions { Branches = branches, Interaction = interaction };
        var converted = OrtRun.Reread(Agreement.Check(() => Recurrent(3), options).Model);
        Assert.Equal(3 * branches, converted.Initializer("body.shared.weight/same").Uses.Count);
        Assert.Equal(3, converted.Initializer("body.shared.weight/from1to2").Uses.Count);
        Assert.Equal(3 * branches, converted.Initializer("body.shared.bias/same").Uses.Count);
    }

    [Fact]
    public void Tied_first_and_last_convs_stay_tied() => Agreement.Check(() => TinyGraphs.Of((net, x) =>
    {
        var (first, last) = (net.NormalParameter("first", 0.3, 12, 3, 3, 3), net.NormalParameter("last", 0.3, 3, 12, 3, 3));
        var once = net.ConvWith(net.Relu(net.ConvWith(x, "head1", first, null, 12, 3)), "tail1", last, null, 3, 3);
        return net.ConvWith(net.Relu(net.ConvWith(once, "head2", first, null, 12, 3)), "tail2", last, null, 3, 3);
    }), new ConversionOptions());

    [Fact]
    public void Convs_with_one_weight_and_different_biases_share_the_kernel_only()
    {
        var converted = Agreement.Check(() => TinyGraphs.Between((net, x) =>
        {
            var weight = net.NormalParameter("weight", 0.3, 12, 12, 3, 3);
            var y = net.Relu(net.ConvWith(x, "a", weight, net.UniformParameter("a.bias", -1, 1, 12), 12, 3));
            return net.ConvWith(y, "b", weight, net.UniformParameter("b.bias", -1, 1, 12), 12, 3);
        }), new ConversionOptions()).Model;
        Assert.Equal(4, converted.Initializer("weight/same").Uses.Count);
        Assert.Equal([2, 2], new[] { "a.bias/same", "b.bias/same" }.Select(name => converted.Initializer(name).Uses.Count));
    }

    [Fact]
    public void Convs_that_share_a_bias_may_share_out_their_channels_differently()
    {
        var converted = TinyGraphs.Between((net, x) =>
        {
            var bias = net.UniformParameter("bias", -1, 1, 28);
            x = net.ConvWith(x, "a", net.NormalParameter("a", 0.1, 28, 12, 3, 3), bias, 28, 3);
            x = net.ConvWith(x, "b", net.NormalParameter("b", 0.1, 28, 28, 3, 3), bias, 28, 3);
            return net.PixelShuffle(net.ConvWith(x, "up", net.NormalParameter("up", 0.1, 28, 28, 3, 3), bias, 28, 3), 2);
        }).Converted();
        var biases = converted.Graph.Initializers.Where(v => v.Name.StartsWith("bias/same", StringComparison.Ordinal));
        Assert.Equal([(14, 4), (16, 2)], biases.Select(v => ((int)v.Initializer!.Count, v.Uses.Count)));
        Assert.Equal([1, 3, 10, 14], OrtRun.Run(converted, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
    }

    [Fact]
    public void Equal_weights_that_are_not_the_same_tensor_are_not_tied()
    {
        var source = TinyGraphs.Between((net, x) =>
        {
            var values = Enumerable.Repeat(0.1f, 12 * 12).ToArray();
            x = net.ConvWith(x, "a", net.Parameter("a", [12, 12, 1, 1], () => values), null, 12, 1);
            return net.ConvWith(x, "b", net.Parameter("b", [12, 12, 1, 1], () => values), null, 12, 1);
        });
        var converted = Converter.Convert(source, new ConversionOptions(), new SliceInitializer()).Model;
        Assert.Equal([2, 2], new[] { "a/same", "b/same" }.Select(name => converted.Initializer(name).Uses.Count));
    }

    [Fact]
    public void A_weight_used_with_two_group_counts_keeps_its_convs()
    {
        var source = TinyGraphs.Between((net, x) =>
        {
            var weight = net.NormalParameter("weight", 0.3, 24, 12, 3, 3);
            var wide = net.ConvWith(x, "a", weight, null, 24, 3);
            return net.ConvWith(wide, "b", weight, null, 24, 3, groups: 2);
        });
        AssertKept(source, "Conv '/b/Conv' and Conv '/a/Conv' use the same weights in different ways");
    }

    [Fact]
    public void A_weight_used_by_a_conv_and_its_transpose_keeps_its_convs()
    {
        var source = TinyGraphs.Between((net, x) =>
        {
            var weight = net.NormalParameter("weight", 0.3, 18, 12, 3, 3);
            var code = net.ConvWith(x, "a", weight, null, 18, 3);
            return net.EmitLayer("b", "ConvTranspose", 12, code, weight).With("pads", [1, 1, 1, 1]).With("kernel_shape",
                [3, 3]).Output;
        });
        AssertKept(source, "ConvTranspose '/b/ConvTranspose' and Conv '/a/Conv' use the same weights in different ways");
    }

    [Fact]
    public void Two_conversions_give_identical_bytes()
    {
        byte[] Bytes(IKernelInitializer start) =>
            OnnxFile.ToBytes(Converter.Convert(Recurrent(2), new ConversionOptions { Branches = 3 }, start).Model);
        Assert.Equal(Bytes(new SliceInitializer()), Bytes(new SliceInitializer()));
        Assert.Equal(Bytes(new RandomInitializer(9)), Bytes(new RandomInitializer(9)));
        Assert.NotEqual(Bytes(new RandomInitializer(9)), Bytes(new RandomInitializer(10)));
    }

    private static void AssertKept(Model source, string reason)
    {
        var result = Converter.Convert(source, new ConversionOptions(), new TestStart());
        Assert.Equal(reason, result.Plan.Convs.Single(c => c.Node.Name == "/a/Conv").Reason);
        Assert.Equal([1, 3, 5, 7], OrtRun.Run(result.Model, OrtRun.Noise(1, 1, 3, 5, 7))[0].Dims);
    }

    private static Model Recurrent(int rounds) => TinyGraphs.Between((net, x) =>
    {
        for (var round = 0; round < rounds; round++)
        {
            using var scope = net.Scope("body", reuse: true);
            x = net.Add(x, net.Relu(Shared(net, x)));
        }

        return x;
    });

    private static Value Shared(NetBuilder net, Value x) => net.ConvWith(x, "shared",
        net.NormalParameter("shared.weight", 0.1, 12, 12, 3, 3), net.UniformParameter("shared.bias", -1, 1, 12), 12, 3);
}
