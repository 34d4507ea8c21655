using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class FusePixelShuffleTests
{
    private static readonly long[] ColumnRowDepth = [0, 1, 4, 2, 5, 3];
    private static readonly long[] DepthColumnRow = [0, 3, 4, 1, 5, 2];

    [Fact]
    public void A_shuffle_of_constant_shapes_becomes_DepthToSpace_in_CRD_order()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("batch"), 18, 8, 12);
        net.Output(Written(net, x, [-1, 2, 3, 3, 8, 12], ColumnRowDepth, [-1, 2, 24, 36]).Output);

        Assert.Equal(1, net.Apply(new FusePixelShuffle()));

        var node = Assert.Single(net.Graph.Nodes);
        Assert.Equal(("DepthToSpace", 3, "CRD"), (node.OpType, node.GetInt("blocksize", 0), node.GetString("mode", "")));
        Assert.Equal([x], node.Inputs);
    }

    [Fact]
    public void A_shuffle_with_the_depth_last_becomes_DepthToSpace_in_DCR_order()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 8, 8, 12);
        net.Output(Written(net, x, [1, 2, 2, 2, 8, 12], DepthColumnRow, [1, 2, 16, 24]).Output);

        Assert.Equal(1, net.Apply(new FusePixelShuffle()));
        Assert.Equal("DCR", Assert.Single(net.Graph.Nodes).GetString("mode", ""));
    }

    [Fact]
    public void Shapes_that_are_computed_from_the_value_itself_are_proof_enough()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("n"), 8, Dim.Of("h"), Dim.Of("w"));
        var shape = net.Op("Shape", x);
        Value Size(int axis) => net.Op("Gather", shape, net.Ints($"axis{axis}", axis));
        Value Twice(Value size) => net.Op("Mul", size, net.Graph.Initializers.First(v => v.Name == "two"));
        var (two, n, h, w) = (net.Ints("two", 2), Size(0), Size(2), Size(3));
        var six = net.Node("Concat", n, two, two, two, h, w).With("axis", 0).Output;
        var four = net.Node("Concat", n, two, Twice(h), Twice(w)).With("axis", 0).Output;
        net.Output(Written(net, x, six, ColumnRowDepth, four).Output);

        Assert.Equal(1, net.Apply(new FusePixelShuffle()));
        Assert.Contains("DepthToSpace", net.Operators());
        Assert.DoesNotContain("Transpose", net.Operators());
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 2, 2, 8, 12 }, new long[] { 0, 1, 4, 3, 5, 2 }, new long[] { 1, 2, 16, 24 })]
    [InlineData(new long[] { 1, 2, 2, 2, 12, 8 }, new long[] { 0, 1, 4, 2, 5, 3 }, new long[] { 1, 2, 24, 16 })]
    [InlineData(new long[] { 1, 2, 2, 2, 8, 12 }, new long[] { 0, 1, 4, 2, 5, 3 }, new long[] { 1, 4, 8, 24 })]
    [InlineData(new long[] { 1, 2, 4, 1, 8, 12 }, new long[] { 0, 1, 4, 2, 5, 3 }, new long[] { 1, 2, 32, 12 })]
    public void What_only_looks_alike_stays(long[] six, long[] perm, long[] four)
    {
        var net = new TestNet();
        net.Output(Written(net, net.Input("x", 1, 8, 8, 12), six, perm, four).Output);

        Assert.Equal(0, net.Apply(new FusePixelShuffle()));
    }

    [Fact]
    public void A_shuffle_whose_middle_is_read_elsewhere_stays()
    {
        var net = new TestNet();
        net.Output(Written(net, net.Input("x", 1, 8, 8, 12), [1, 2, 2, 2, 8, 12], ColumnRowDepth, [1, 2, 16, 24]).Output);
        net.Output(net.Op("Neg", net.Graph.Nodes[1].Output));

        Assert.Equal(0, net.Apply(new FusePixelShuffle()));
    }

    [Theory]
    [InlineData(1, new long[] { 0, 1, 3, 5, 2, 4 }, 1)]
    [InlineData(3, new long[] { 0, 1, 3, 5, 2, 4 }, 0)]
    [InlineData(3, new long[] { 0, 3, 5, 1, 2, 4 }, 1)]
    public void An_unshuffle_becomes_SpaceToDepth_where_the_channel_order_is_the_same(long channels, long[] perm, int changes)
    {
        var net = new TestNet();
        net.Output(
            Written(net, net.Input("x", 1, channels, 8, 12), [1, channels, 4, 2, 6, 2], perm, [1, channels * 4, 4, 6]).Output);

        Assert.Equal(changes, net.Apply(new FusePixelShuffle()));
        Assert.Equal(changes == 1 ? "SpaceToDepth" : "Reshape Transpose Reshape", net.Operators());
    }

    private static Node Written(TestNet net, Value x, long[] six, long[] perm, long[] four) =>
        Written(net, x, net.Ints("six", six), perm, net.Ints("four", four));

    private static Node Written(TestNet net, Value x, Value six, long[] perm, Value four) =>
        net.Node("Reshape", net.Node("Transpose", net.Op("Reshape", x, six)).With("perm", perm).Output, four);
}
