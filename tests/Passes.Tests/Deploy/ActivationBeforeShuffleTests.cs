using MsSrConvert.Passes.Deploy;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class ActivationBeforeShuffleTests
{
    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Tanh")]
    public void It_goes_in_front_and_the_output_keeps_its_name(string activation)
    {
        var net = Shuffled(out var shuffled);
        net.Output(net.NodeTo(activation, ["y"], shuffled).Output);

        Assert.Equal(1, net.Apply(new ActivationBeforeShuffle()));

        Assert.Equal($"Conv {activation} DepthToSpace", net.Operators());
        Assert.Equal("y", net.Graph.Outputs[0].Name);
    }

    [Fact]
    public void Several_go_in_front_in_their_order()
    {
        var net = Shuffled(out var shuffled);
        net.Output(net.Op("Tanh", net.Op("Relu", shuffled)));

        Assert.Equal(2, net.Apply(new ActivationBeforeShuffle()));

        Assert.Equal("Conv Relu Tanh DepthToSpace", net.Operators());
    }

    [Fact]
    public void It_stays_where_something_else_reads_the_shuffled_value()
    {
        var net = Shuffled(out var shuffled);
        net.Output(net.Op("Add", net.Op("Relu", shuffled), shuffled));

        Assert.Equal(0, net.Apply(new ActivationBeforeShuffle()));
    }

    [Fact]
    public void Slopes_for_each_channel_stay_behind()
    {
        var net = Shuffled(out var shuffled);
        net.Output(net.Op("PRelu", shuffled, net.Weights("slopes", 2, 1, 1)));

        Assert.Equal(0, net.Apply(new ActivationBeforeShuffle()));
    }

    private static TestNet Shuffled(out GraphIR.Value shuffled)
    {
        var net = new TestNet();
        var conv = net.Conv(net.Input("x", 1, 3, 8, 12), net.Weights("w", 8, 3, 3, 3));
        shuffled = net.Node("DepthToSpace", conv.Output).With("blocksize", 2).With("mode", "CRD").Output;
        return net;
    }
}
