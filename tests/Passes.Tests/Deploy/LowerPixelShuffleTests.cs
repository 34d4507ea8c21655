using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Deploy;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class LowerPixelShuffleTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_known_size_makes_two_transposes_between_views(int block)
    {
        var net = Shuffle([2, 4 * block * block, 8, 12], block, "CRD");

        Assert.Equal(1, net.Apply(new LowerPixelShuffle()));

        Assert.Equal("Relu Reshape Transpose Reshape Transpose Reshape", net.Operators());
    }

    [Fact]
    public void Symbolic_sizes_are_computed_in_the_graph()
    {
        var net = Shuffle([Dim.Of("batch"), 12, Dim.Of("height"), Dim.Of("width")], 2, "CRD");

        Assert.Equal(1, net.Apply(new LowerPixelShuffle()));

        Assert.Equal("Relu Reshape Transpose Shape Slice Mul Concat Reshape Transpose Mul Concat Reshape", net.Operators());
    }

    [Fact]
    public void The_other_order_of_channels_stays()
    {
        var net = Shuffle([2, 16, 8, 12], 2, "DCR");

        Assert.Equal(0, net.Apply(new LowerPixelShuffle()));
    }

    private static TestNet Shuffle(Dim[] dims, int block, string mode)
    {
        var net = new TestNet();
        var x = net.Op("Relu", net.Input("x", dims));
        return net.Output(net.Node("DepthToSpace", x).With("blocksize", block).With("mode", mode).Output);
    }
}
