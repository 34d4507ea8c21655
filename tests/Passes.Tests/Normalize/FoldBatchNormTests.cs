using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class FoldBatchNormTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_goes_into_kernel_and_bias_of_the_conv_before_it(bool hasBias)
    {
        var net = new TestNet();
        var weights = net.Weights("w", 4, 3, 3, 3);
        var bias = hasBias ? net.Weights("b", 4) : null;
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), weights, bias);
        net.Output(Norm(net, conv.Output, 4, "y").Output);

        Assert.Equal(1, net.Apply(new FoldBatchNorm()));

        Assert.Equal("Conv", net.Operators());
        Assert.Same(weights, conv.Input(1));
        Assert.Equal("y", conv.Output.Name);
        if (hasBias)
            Assert.Same(bias, conv.Input(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void It_goes_into_a_transposed_conv_of_any_groups(long group)
    {
        var net = new TestNet();
        var conv = net.Node("ConvTranspose", net.Input("x", 1, 4, 8, 12), net.Weights("w", 4, 3, 2, 2),
            net.Weights("b", 3 * group))
            .With("group", group).With("strides", [2, 2]);
        net.Output(Norm(net, conv.Output, 3 * group, "y").Output);

        Assert.Equal(1, net.Apply(new FoldBatchNorm()));
    }

    [Fact]
    public void It_goes_into_a_grouped_conv()
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 4, 8, 12), net.Weights("w", 6, 2, 3, 3)).With("group", 2);
        net.Output(Norm(net, conv.Output, 6, "y").Output);

        Assert.Equal(1, net.Apply(new FoldBatchNorm()));
    }

    [Fact]
    public void It_stays_in_front_of_a_conv()
    {
        var net = new TestNet();
        net.Output(net.Conv(Norm(net, net.Input("x", 1, 3, 8, 12), 3, "h").Output, net.Weights("w", 4, 3, 3, 3)).Output);

        Assert.Equal(0, net.Apply(new FoldBatchNorm()));
    }

    [Fact]
    public void It_stays_where_the_conv_has_another_reader()
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", 3, 3, 3, 3));
        net.Output(net.Op("Add", conv.Output, Norm(net, conv.Output, 3, "h").Output));

        Assert.Equal(0, net.Apply(new FoldBatchNorm()));
    }

    [Fact]
    public void It_stays_where_the_kernel_is_tied_to_another_conv()
    {
        var net = new TestNet();
        var weights = net.Weights("w", 3, 3, 3, 3);
        var h = Norm(net, net.Conv(net.Input("x", 1, 3, 8, 12), weights).Output, 3, "h").Output;
        net.Output(Norm(net, net.Conv(h, weights).Output, 3, "y").Output);

        Assert.Equal(0, net.Apply(new FoldBatchNorm()));
    }

    [Fact]
    public void A_bias_that_other_convs_read_is_left_to_them()
    {
        var net = new TestNet();
        var bias = net.Weights("b", 3);
        var first = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w1", 3, 3, 3, 3), bias);
        var second = net.Conv(Norm(net, first.Output, 3, "h").Output, net.Weights("w2", 3, 3, 3, 3), bias);
        net.Output(second.Output);

        Assert.Equal(1, net.Apply(new FoldBatchNorm()));

        Assert.NotSame(bias, first.Input(2));
        Assert.Same(bias, second.Input(2));
    }

    [Fact]
    public void It_stays_in_training_mode_and_where_statistics_are_computed()
    {
        var net = new TestNet(15, 8);
        var h = Norm(net, net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w1", 3, 3, 3, 3)).Output, 3,
            "h").With("training_mode", 1).Output;
        var computed = net.Op("Abs", net.Input("v", 3));
        var conv = net.Conv(h, net.Weights("w2", 3, 3, 3, 3)).Output;
        net.Output(net.Op("BatchNormalization", conv, net.Weights("s", 3), net.Weights("b", 3), net.Weights("m", 3), computed));

        Assert.Equal(0, net.Apply(new FoldBatchNorm(), compare: false));
    }

    private static Node Norm(TestNet net, Value x, long channels, string output)
    {
        var variance = Array.ConvertAll(net.Noise(channels), v => v + 0.75f);
        return net.NodeTo(
            "BatchNormalization", [output], x, net.Weights(output + "_scale", channels), net.Weights(output + "_shift", channels),
            net.Weights(output + "_mean", channels), net.Floats(output + "_variance", variance, channels)).With("epsilon", 1e-3f);
    }
}
