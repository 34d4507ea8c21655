using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class MergeTransposesTests
{
    [Fact]
    public void A_transpose_and_its_inverse_go_both()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        var back = net.Node("Transpose", net.Node("Transpose", x).With("perm", [0, 2, 3, 1]).Output).With("perm", [0, 3, 1, 2]);
        net.Output(net.Op("Relu", back.Output));

        Assert.Equal(1, net.Apply(new MergeTransposes()));
        Assert.Equal("Relu", net.Operators());
    }

    [Fact]
    public void Two_others_become_one()
    {
        var net = new TestNet();
        var first = net.Node("Transpose", net.Input("x", 1, 3, 8, 12)).With("perm", [1, 2, 0, 3]).Output;
        net.Output(net.Node("Transpose", first).With("perm", [3, 1, 0, 2]).Output);

        Assert.Equal(1, net.Apply(new MergeTransposes()));
        Assert.Equal([3, 2, 1, 0], Assert.Single(net.Graph.Nodes).GetInts("perm"));
    }

    [Fact]
    public void Transposes_with_something_between_stay()
    {
        var net = new TestNet();
        var first = net.Node("Transpose", net.Input("x", 1, 3, 8, 12)).With("perm", [0, 2, 3, 1]).Output;
        net.Output(net.Node("Transpose", net.Op("Relu", first)).With("perm", [0, 3, 1, 2]).Output);

        Assert.Equal(0, net.Apply(new MergeTransposes()));
    }

    [Fact]
    public void A_first_transpose_that_others_read_stays_for_them()
    {
        var net = new TestNet();
        var first = net.Node("Transpose", net.Input("x", 1, 3, 8, 12)).With("perm", [0, 2, 3, 1]).Output;
        net.Output(net.Op("Relu", first));
        net.Output(net.Op("Neg", net.Node("Transpose", first).With("perm", [0, 3, 1, 2]).Output));

        Assert.Equal(1, net.Apply(new MergeTransposes()));
        Assert.Equal("Transpose Relu Neg", net.Operators());
    }
}
