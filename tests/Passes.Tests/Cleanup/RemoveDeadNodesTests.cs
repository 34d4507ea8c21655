using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Cleanup;
using Xunit;

namespace MsSrConvert.Passes.Tests.Cleanup;

public class RemoveDeadNodesTests
{
    [Fact]
    public void A_chain_that_leads_nowhere_goes_with_its_initializers()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        net.Op("Neg", net.Conv(x, net.Weights("w", 3, 3, 3, 3)).Output);
        net.Output(net.Op("Relu", x));

        Assert.Equal(3, net.Apply(new RemoveDeadNodes()));
        Assert.Equal("Relu", net.Operators());
        Assert.Empty(net.Graph.Initializers);
    }

    [Fact]
    public void A_node_with_one_output_in_use_stays()
    {
        var net = new TestNet();
        var split = net.NodeTo("Split", ["a", "b"], net.Input("x", 1, 4, 8, 12)).With("axis", 1);
        net.Output(net.Op("Relu", split.Outputs[1]!));

        Assert.Equal(0, net.Apply(new RemoveDeadNodes()));
    }

    [Fact]
    public void What_a_body_reads_stays_and_goes_with_the_body()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        var (kept, dropped) = (net.Op("Abs", x), net.Op("Neg", x));
        var condition = net.Graph.AddInitializer("yes", new TensorData(ElementType.Bool, [], new byte[] { 1 }));
        net.Output(If(net, condition, kept, "kept"));
        If(net, condition, dropped, "dropped");

        Assert.Equal(2, net.Apply(new RemoveDeadNodes()));
        Assert.Equal("Abs If", net.Operators());
    }

    private static Value If(TestNet net, Value condition, Value captured, string name)
    {
        Graph Branch(string suffix)
        {
            var graph = new Graph(name + suffix);
            var relu = new Node("Relu", [captured], [new Value(name + suffix, new TensorType(ElementType.Float, null))]);
            graph.AddOutput(graph.Add(relu).Output);
            return graph;
        }

        var node = new Node("If", [condition], [new Value(name)], name)
            .With("then_branch", new GraphAttribute(Branch("_then"))).With("else_branch", new GraphAttribute(Branch("_else")));
        return net.Graph.Add(node).Output;
    }
}
