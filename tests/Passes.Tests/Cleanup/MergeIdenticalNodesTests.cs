using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Cleanup;
using Xunit;

namespace MsSrConvert.Passes.Tests.Cleanup;

public class MergeIdenticalNodesTests
{
    [Fact]
    public void Nodes_that_compute_the_same_from_the_same_values_become_one()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        Value Branch() => net.Op("Relu", net.Node("LeakyRelu", x).With("alpha", 0.2f).Output);
        net.Output(net.Op("Add", Branch(), Branch()));

        Assert.Equal(2, net.Apply(new MergeIdenticalNodes()));
        Assert.Equal("LeakyRelu Relu Add", net.Operators());
    }

    [Fact]
    public void Another_attribute_makes_another_node()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        Value Branch(float alpha) => net.Node("LeakyRelu", x).With("alpha", alpha).Output;
        net.Output(net.Op("Add", Branch(0.1f), Branch(0.2f)));

        Assert.Equal(0, net.Apply(new MergeIdenticalNodes()));
    }

    [Fact]
    public void Kernels_of_equal_numbers_stay_two_kernels()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        var numbers = net.Noise(3, 3, 3, 3);
        Value Branch(string name) => net.Conv(x, net.Floats(name, numbers, 3, 3, 3, 3)).Output;
        net.Output(net.Op("Add", Branch("w1"), Branch("w2")));

        Assert.Equal(0, net.Apply(new MergeIdenticalNodes()));
    }

    [Fact]
    public void Constants_in_nodes_stay_two_too()
    {
        var net = new TestNet();
        Value Constant(string name) =>
            net.NodeTo("Constant", [name]).With("value", new TensorAttribute(TensorData.Of([2f]))).Output;
        net.Output(net.Op("Mul", net.Op("Mul", net.Input("x", 1, 3, 8, 12), Constant("a")), Constant("b")));

        Assert.Equal(0, net.Apply(new MergeIdenticalNodes()));
    }

    [Fact]
    public void Random_numbers_and_operators_of_others_stay()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        foreach (var opType in new[] { "RandomNormalLike", "RandomNormalLike", "Theirs", "Theirs" })
            net.Output(net.Op(opType, x));
        foreach (var node in net.Graph.Nodes.Where(n => n.OpType == "Theirs"))
            node.Domain = "theirs";
        net.Model.OpsetImports["theirs"] = 1;

        Assert.Equal(0, net.Apply(new MergeIdenticalNodes(), compare: false));
    }

    [Fact]
    public void A_graph_output_keeps_its_own_node()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        net.Output(net.Op("Relu", x));
        net.Output(net.Op("Relu", x));

        Assert.Equal(0, net.Apply(new MergeIdenticalNodes()));
    }
}
