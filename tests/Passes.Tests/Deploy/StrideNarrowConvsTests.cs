using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Deploy;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class StrideNarrowConvsTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(5, true)]
    public void A_conv_to_an_image_makes_two_by_two_pixels_at_once(int side, bool bias)
    {
        var net = new TestNet();
        net.Output(Conv(net, net.Input("x", 2, 16, 8, 12), 16, 3, side, bias));

        Assert.Equal(1, net.Apply(new StrideNarrowConvs(16)));

        Assert.Equal("Conv DepthToSpace", net.Operators());
    }

    [Fact]
    public void A_doubled_image_is_added_before_the_pixels_are_placed()
    {
        var net = new TestNet();
        var coarse = Conv(net, net.Input("coarse", 1, 16, 4, 6), 16, 3, 3, bias: false, name: "coarse");
        var factors = net.Floats("factors", [1, 1, 2, 2], 4);
        var up = net.Node("Resize", coarse, null, factors).With("mode", "nearest")
            .With("coordinate_transformation_mode", "asymmetric").With("nearest_mode", "floor").Output;
        net.Output(net.Op("Add", Conv(net, net.Input("fine", 1, 16, 8, 12), 16, 3, 3, bias: true, name: "fine"), up));

        var before = net.Bytes();
        Assert.Equal(2, new StrideNarrowConvs(16).Run(net.Model, net.Context).Changes);

        Numeric.AssertSame(before, net.Model, 8, 12);
        Assert.Equal("DepthToSpace", net.Graph.Outputs[0].Producer!.OpType);
        Assert.Equal("Add", net.Graph.Outputs[0].Producer!.Input(0)!.Producer!.OpType);
    }

    [Theory]
    [InlineData(16, 3, 7, 12)]
    [InlineData(16, 16, 8, 12)]
    [InlineData(22, 3, 8, 12)]
    public void Odd_maps_many_channels_and_inputs_outside_the_blocks_stay(int from, int to, int height, int width)
    {
        var net = new TestNet();
        net.Output(Conv(net, net.Input("x", 1, from, height, width), from, to, 3, bias: true));

        Assert.Equal(0, net.Apply(new StrideNarrowConvs(16)));
    }

    [Fact]
    public void A_symbolic_size_that_is_doubled_is_even()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 64, Dim.Of("height"), Dim.Of("width"));
        net.Output(Conv(net, net.Node("DepthToSpace", x).With("blocksize", 2).Output, 16, 3, 3, bias: true));

        Assert.Equal(1, net.Apply(new StrideNarrowConvs(16)));
    }

    private static Value Conv(TestNet net, Value x, int from, int to, int side, bool bias, string name = "conv")
    {
        var weights = net.Weights($"{name}_w", to, from, side, side);
        var conv = net.Conv(x, weights, bias ? net.Weights($"{name}_b", to) : null).With("kernel_shape", [side, side]);
        return conv.With("pads", [side / 2, side / 2, side / 2, side / 2]).Output;
    }
}
