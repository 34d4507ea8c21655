using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class DropBroadcastsTests
{
    [Fact]
    public void A_gate_that_is_expanded_to_the_features_it_meets_stays_small()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("n"), 4, Dim.Of("h"), Dim.Of("w"));
        var gate = net.Op("GlobalAveragePool", x);
        net.Output(net.Op("Mul", x, net.Op("Expand", gate, net.Op("Shape", x))));

        Assert.Equal(1, net.Apply(new DropBroadcasts()));
        Assert.Same(gate, net.Graph.Nodes.Single(n => n.Is("Mul")).Input(1));
    }

    [Fact]
    public void A_gate_that_is_tiled_over_a_fixed_map_stays_small()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, 8, 12);
        net.Output(net.Op("Add", net.Op("Tile", net.Op("GlobalAveragePool", x), net.Ints("times", 1, 1, 8, 12)), x));

        Assert.Equal(1, net.Apply(new DropBroadcasts()));
        Assert.Equal("GlobalAveragePool Add", net.Operators());
    }

    [Fact]
    public void What_alone_has_the_size_is_still_expanded()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, 8, 12);
        var gate = net.Op("GlobalAveragePool", x);
        net.Output(net.Op("Add", net.Op("Expand", gate, net.Op("Shape", x)), gate));

        Assert.Equal(0, net.Apply(new DropBroadcasts()));
    }

    [Fact]
    public void Two_expanded_operands_are_not_both_made_small()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, 8, 12);
        Value Blown(string op) => net.Op("Expand", net.Op(op, x), net.Op("Shape", x));
        net.Output(net.Op("Add", Blown("GlobalAveragePool"), Blown("GlobalMaxPool")));

        Assert.Equal(1, net.Apply(new DropBroadcasts()));
    }

    [Fact]
    public void A_constant_that_is_the_same_at_every_pixel_shrinks_to_one_and_any_other_stays()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, 8, 12);
        var zeros = net.Floats("state", [.. Enumerable.Repeat(0.25f, 96), .. Enumerable.Repeat(0.5f, 96)], 1, 2, 8, 12);
        net.Output(net.Op("Mul", net.Op("Add", x, zeros), net.Weights("positions", 1, 2, 8, 12)));

        Assert.Equal(1, net.Apply(new DropBroadcasts()));
        Assert.Equal([1L, 2, 1, 1], net.Graph.Nodes[0].Input(1)!.Initializer!.Dims);
    }

    [Fact]
    public void A_state_of_zeros_in_a_concatenation_is_made_where_it_is_needed()
    {
        var net = new TestNet();
        net.Output(
            net.Node("Concat", net.Input("x", 1, 2, 8, 12), net.Floats("state", new float[192], 1, 2, 8, 12)).With("axis",
                1).Output);

        Assert.Equal(1, net.Apply(new DropBroadcasts()));
        Assert.Equal("ConstantOfShape Concat", net.Operators());
        Assert.Equal(0, net.Apply(new ConstantFolding()));
    }

    [Fact]
    public void Attention_by_expanded_gates_goes_branch_by_branch()
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Agreement.Check(() => Attention(true), new ConversionOptions { Branches = branches },
                equivalent: () => Attention(false));
            Assert.Contains(result.Plan.Convs, c => c.Role == ConvRole.Interaction);
        }
    }

    private static Model Attention(bool expands) => TinyGraphs.Between((net, x) =>
    {
        var y = net.Conv(x, "a", 12, 3);
        var gate = net.Sigmoid(net.Conv(net.GlobalAveragePool(y), "gate", 12, 1));
        return net.Mul(y, expands ? net.Emit("Expand", 12, gate, net.ShapeOf(y)).Output : gate);
    });
}
