using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;
using Xunit;

namespace MsSrConvert.Passes.Tests.Cleanup;

public class SortNodesTests
{
    [Fact]
    public void A_node_moves_behind_what_it_needs()
    {
        var net = new TestNet();
        var h = new Value("h");
        net.Output(net.NodeTo("Relu", ["y"], h).Output);
        net.Graph.Add(new Node("Neg", [net.Input("x", 1, 3)], [h], "neg"));

        Assert.Equal(2, new SortNodes().Run(net.Model, new PassContext()).Changes);
        Assert.Equal("Neg Relu", net.Operators());
    }

    [Fact]
    public void Nodes_in_order_stay()
    {
        var net = new TestNet();
        net.Output(net.Op("Relu", net.Op("Neg", net.Input("x", 1, 3))));

        Assert.Equal(0, net.Apply(new SortNodes()));
    }
}
