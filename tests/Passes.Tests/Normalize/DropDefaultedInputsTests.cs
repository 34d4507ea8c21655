using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class DropDefaultedInputsTests
{
    [Fact]
    public void Weights_listed_as_inputs_are_taken_off_the_list()
    {
        var net = new TestNet(10, 3);
        var weights = net.Weights("w", 2, 3, 3, 3);
        var x = net.Input("x", 1, 3, 8, 12);
        net.Graph.AddInput(weights);
        net.Output(net.Conv(x, weights).Output);

        Assert.Equal(1, net.Apply(new DropDefaultedInputs()));

        Assert.Equal([x], net.Graph.Inputs);
        Assert.Equal([weights], net.Graph.Initializers);
        Assert.Equal(4, net.Model.IrVersion);
    }

    [Fact]
    public void An_input_without_a_default_stays()
    {
        var net = new TestNet();
        net.Output(net.Op("Add", net.Input("a", 1, 3, 8, 12), net.Input("b", 1, 3, 8, 12)));

        Assert.Equal(0, net.Apply(new DropDefaultedInputs()));
    }
}
