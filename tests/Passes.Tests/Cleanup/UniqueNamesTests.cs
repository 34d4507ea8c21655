using MsSrConvert.Passes.Cleanup;
using Xunit;

namespace MsSrConvert.Passes.Tests.Cleanup;

public class UniqueNamesTests
{
    [Fact]
    public void Nodes_without_a_name_or_with_anothers_get_one()
    {
        var net = new TestNet();
        var h = net.NodeTo("Relu", ["h"], net.Input("x", 1, 3));
        var g = net.NodeTo("Neg", ["g"], h.Output);
        var y = net.NodeTo("Abs", ["y"], g.Output);
        (h.Name, g.Name, y.Name) = ("", "same", "same");
        net.Output(y.Output);

        // ONNX Runtime refuses the repeated name.
        Assert.Equal(2, net.Apply(new UniqueNames(), compare: false));
        Assert.Equal(["h", "same", "same_1"], net.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void A_new_name_steps_aside_for_one_that_is_taken_further_on()
    {
        var net = new TestNet();
        var first = net.NodeTo("Relu", ["h"], net.Input("x", 1, 3));
        var second = net.NodeTo("Neg", ["y"], first.Output);
        (first.Name, second.Name) = ("", "h");
        net.Output(second.Output);

        Assert.Equal(1, net.Apply(new UniqueNames()));
        Assert.Equal(["h_1", "h"], net.Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Names_that_are_unique_stay()
    {
        var net = new TestNet();
        net.Output(net.NodeTo("Relu", ["y:0"], net.Input("x", 1, 3)).Output);

        Assert.Equal(0, net.Apply(new UniqueNames()));
    }
}
