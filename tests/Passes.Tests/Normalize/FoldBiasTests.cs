using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class FoldBiasTests
{
    [Theory]
    [InlineData("Add", false, new long[] { 4, 1, 1 })]
    [InlineData("Add", true, new long[] { 1, 4, 1, 1 })]
    [InlineData("Sub", true, new long[] { 4, 1, 1 })]
    [InlineData("Add", false, new long[] { 1 })]
    [InlineData("Add", false, new long[0])]
    public void A_constant_per_channel_behind_a_conv_goes_into_its_bias(string opType, bool hasBias, long[] dims)
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", 4, 3, 3, 3), hasBias ? net.Weights("b", 4) : null);
        var sum = net.NodeTo(opType, ["y"], conv.Output, net.Weights("c", dims));
        net.Output(sum.Output);

        Assert.Equal(1, net.Apply(new FoldBias()));

        Assert.Equal("Conv", net.Operators());
        Assert.Equal([4L], conv.Input(2)!.Initializer!.Dims);
        Assert.Equal("y", conv.Output.Name);
    }

    [Fact]
    public void One_number_behind_convs_of_different_width_makes_a_bias_for_each()
    {
        var net = new TestNet();
        var half = net.Floats("half", [0.5f]);
        var h = net.Op("Add", net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w1", 4, 3, 3, 3)).Output, half);
        net.Output(net.Op("Add", net.Conv(h, net.Weights("w2", 6, 4, 3, 3)).Output, half));

        Assert.Equal(2, net.Apply(new FoldBias()));
        Assert.Equal([4L, 6], net.Graph.Nodes.Select(n => n.Input(2)!.Initializer!.Dims[0]));
    }

    [Fact]
    public void The_constant_may_stand_first_in_a_sum_but_not_in_a_difference()
    {
        var net = new TestNet();
        var h = net.Op("Add", net.Weights("c1", 4, 1, 1),
            net.Conv(net.Input("x", 1, 4, 8, 12), net.Weights("w1", 4, 4, 3, 3)).Output);
        net.Output(net.Op("Sub", net.Weights("c2", 4, 1, 1), net.Conv(h, net.Weights("w2", 4, 4, 3, 3)).Output));

        Assert.Equal(1, net.Apply(new FoldBias()));
        Assert.Equal("Conv Conv Sub", net.Operators());
    }

    [Theory]
    [InlineData(4, 8, 12)]
    [InlineData(4, 8, 1)]
    [InlineData(1, 1, 12)]
    public void A_constant_that_differs_in_space_stays(long channels, long height, long width)
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", 4, 3, 3, 3));
        net.Output(net.Op("Add", conv.Output, net.Weights("c", channels, height, width)));

        Assert.Equal(0, net.Apply(new FoldBias()));
    }

    [Fact]
    public void A_constant_as_wide_as_the_channels_on_the_last_axis_stays()
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 4), net.Weights("w", 4, 3, 3, 3));
        net.Output(net.Op("Add", conv.Output, net.Weights("c", 4)));

        Assert.Equal(0, net.Apply(new FoldBias()));
    }

    [Fact]
    public void A_conv_with_another_reader_stays()
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", 4, 3, 3, 3)).Output;
        net.Output(net.Op("Mul", conv, net.Op("Add", conv, net.Weights("c", 4, 1, 1))));

        Assert.Equal(0, net.Apply(new FoldBias()));
    }

    [Fact]
    public void Tied_convs_that_add_one_constant_share_the_bias()
    {
        var net = new TestNet();
        var (weights, constant) = (net.Weights("w", 3, 3, 3, 3), net.Weights("c", 3, 1, 1));
        var h = net.Op("Add", net.Conv(net.Input("x", 1, 3, 8, 12), weights).Output, constant);
        net.Output(net.Op("Add", net.Conv(h, weights).Output, constant));

        Assert.Equal(2, net.Apply(new FoldBias()));
        Assert.Same(net.Graph.Nodes[0].Input(2), net.Graph.Nodes[1].Input(2));
    }
}
