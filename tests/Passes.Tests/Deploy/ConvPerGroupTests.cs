using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Deploy;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class ConvPerGroupTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_group_gets_a_conv_of_its_own(bool bias)
    {
        var net = Split([8, 16], bias, out _);

        Assert.Equal(1, net.Apply(new ConvPerGroup(8)));

        Assert.Equal("Conv Conv", net.Operators());
        Assert.Equal(["a", "b"], net.Graph.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void Groups_that_miss_the_block_stay_together()
    {
        var net = Split([8, 12], bias: true, out _);

        Assert.Equal(0, net.Apply(new ConvPerGroup(8)));
    }

    [Fact]
    public void A_conv_that_something_else_reads_stays()
    {
        var net = Split([8, 8], bias: true, out var whole);
        net.Output(net.Op("Relu", whole));

        Assert.Equal(0, net.Apply(new ConvPerGroup(8)));
    }

    private static TestNet Split(long[] widths, bool bias, out Value whole)
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", widths.Sum(), 3, 3, 3),
            bias ? net.Weights("bias", widths.Sum()) : null);
        whole = conv.Output;
        var split = net.NodeTo("Split", ["a", "b"], whole, net.Ints("widths", widths)).With("axis", 1);
        foreach (var output in split.Outputs)
            net.Output(output!);
        return net;
    }
}
