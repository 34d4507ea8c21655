using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class LegalizeLayoutReshapesTests
{
    private static readonly Dim Height = Dim.Of("height");
    private static readonly Dim Width = Dim.Of("width");

    [Fact]
    public void An_unsqueeze_and_reshape_of_a_one_channel_image_become_a_transpose()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, Height, Width, 1);
        var five = net.Op("Unsqueeze", x, net.Ints("axes", 0));
        net.Output(net.Op("Relu", net.Op("Reshape", five, net.Ints("shape", 1, 1, 0, 0))));

        Assert.Equal(1, net.Apply(new LegalizeLayoutReshapes()));

        Assert.Equal("Transpose Relu", net.Operators());
        Assert.Equal([0, 3, 1, 2], net.Graph.Nodes[0].GetInts("perm"));
    }

    [Fact]
    public void A_squeeze_and_unsqueeze_back_to_channels_last_become_a_transpose()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("n"), 1, Height, Width);
        net.Output(net.Op("Unsqueeze", net.Op("Squeeze", net.Op("Relu", x), net.Ints("one", 1)), net.Ints("last", -1)));

        Assert.Equal(1, net.Apply(new LegalizeLayoutReshapes()));
        Assert.Equal([0, 2, 3, 1], net.Graph.Nodes[1].GetInts("perm"));
    }

    [Fact]
    public void A_reshape_that_moves_more_than_the_channel_stays()
    {
        var net = new TestNet();
        net.Output(net.Op("Reshape", net.Input("x", 1, 8, 12, 1), net.Ints("shape", 1, 1, 12, 8)));

        Assert.Equal(0, net.Apply(new LegalizeLayoutReshapes()));
    }

    [Fact]
    public void An_image_of_three_channels_stays()
    {
        var net = new TestNet();
        net.Output(net.Op("Reshape", net.Input("x", 1, 8, 12, 3), net.Ints("shape", 1, 3, 8, 12)));

        Assert.Equal(0, net.Apply(new LegalizeLayoutReshapes()));
    }
}
