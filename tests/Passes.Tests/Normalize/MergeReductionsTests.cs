using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class MergeReductionsTests
{
    [Theory]
    [InlineData("ReduceSum", 13, 3, 2), InlineData("ReduceMean", 13, 2, 3), InlineData("ReduceMean", 18, 3, 2),
        InlineData("ReduceMax", 13, -1, 2)]
    [InlineData("ReduceMin", 18, -1, -2), InlineData("ReduceProd", 13, 3, 2), InlineData("ReduceL1", 13, 3, 2),
        InlineData("ReduceL2", 18, 3, 2)]
    [InlineData("ReduceLogSumExp", 13, 3, 2), InlineData("ReduceLogSumExp", 18, 3, 2)]
    public void Two_reductions_over_different_axes_become_one(string op, int opset, long first, long second)
    {
        var net = new TestNet(opset, 8);
        net.Output(Reduce(net, op, Reduce(net, op, net.Input("x", 1, 4, 8, 12), first), second));

        Assert.Equal(1, net.Apply(new MergeReductions()));
        Assert.Equal(op, net.Operators());
    }

    [Fact]
    public void Reductions_that_take_their_axes_away_become_one_that_takes_both()
    {
        var net = new TestNet();
        var columns = net.Node("ReduceMean", net.Input("x", 1, 4, 8, 12)).With("axes", [1]).With("keepdims", 0).Output;
        var rest = net.Node("ReduceMean", columns).With("axes", [-1]).With("keepdims", 0);
        net.Output(rest.Output);

        Assert.Equal(1, net.Apply(new MergeReductions()));
        Assert.Equal([1L, 3], rest.GetInts("axes")!);
    }

    [Fact]
    public void One_whose_result_others_read_stays()
    {
        var net = new TestNet();
        var rows = Reduce(net, "ReduceMean", net.Input("x", 1, 4, 8, 12), 3);
        net.Output(net.Op("Add", rows, Reduce(net, "ReduceMean", rows, 2)));

        Assert.Equal(0, net.Apply(new MergeReductions()));
    }

    [Theory, InlineData("ReduceSumSquare"), InlineData("ReduceLogSum")]
    public void What_is_done_twice_otherwise_stays(string op)
    {
        var net = new TestNet();
        net.Output(Reduce(net, op, Reduce(net, op, net.Input("x", 1, 4, 8, 12), 3), 2));

        // A negative number has no logarithm to compare.
        Assert.Equal(0, net.Apply(new MergeReductions(), compare: false));
    }

    [Theory, InlineData("ReduceSum"), InlineData("ReduceMean")]
    public void A_gate_through_two_of_them_is_channel_attention(string op)
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Agreement.Check(
                () => Gate(net => x => net.Reduce(op, net.Reduce(op, x, 3), 2)), new ConversionOptions { Branches = branches },
                equivalent: () => Gate(net => x => net.Reduce(op, x, 2, 3)));
            Assert.Contains(result.Plan.Convs, c => c.Role == ConvRole.Interaction);
        }
    }

    private static Model Gate(Func<Zoo.NetBuilder, Func<Value, Value>> pool) => TinyGraphs.Between((net, x) =>
    {
        var y = net.Conv(x, "a", 12, 3);
        return net.Mul(y, net.Sigmoid(net.Conv(net.Scale(pool(net)(y), 0.1f), "gate", 12, 1)));
    });

    private static Value Reduce(TestNet net, string op, Value x, long axis)
    {
        if (net.Model.Opset >= (op == "ReduceSum" ? 13 : 18))
            return net.Op(op, x, net.Ints($"axes_of_{x.Name}", axis));
        return net.Node(op, x).With("axes", [axis]).Output;
    }
}
