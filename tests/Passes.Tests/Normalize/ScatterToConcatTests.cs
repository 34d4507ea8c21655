using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Reference;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class ScatterToConcatTests
{
    [Theory]
    [InlineData(0, "Relu Slice Concat"), InlineData(2, "Relu Slice Slice Concat"), InlineData(4, "Relu Slice Concat")]
    public void A_run_of_channels_that_is_put_in_place_is_a_concatenation(long start, string expected)
    {
        var net = new TestNet(16, 8);
        var x = net.Input("x", 2, 6, 8, 12);
        var part = net.Op("Relu", net.Input("part", 2, 2, 8, 12));
        long[] places = [0, start, 0, start + 1, 1, start, 1, start + 1];
        net.Output(net.Op("ScatterND", x, net.Graph.AddInitializer("places", TensorData.Of(places, 2, 2, 2)), part));

        Assert.Equal(1, net.Apply(new ScatterToConcat()));
        Assert.Equal(expected, net.Operators());
    }

    [Fact]
    public void So_is_one_between_two_exchanges_of_batch_and_channels()
    {
        var net = new TestNet(16, 8);
        Value Exchanged(Value v) => net.Node("Transpose", v).With("perm", [1, 0, 2, 3]).Output;
        var (x, part) = (net.Input("x", Dim.Of("n"), 6, 8, 12), net.Input("part", Dim.Of("n"), 2, 8, 12));
        net.Output(
            Exchanged(
                net.Op("ScatterND", Exchanged(x), net.Graph.AddInitializer("places", TensorData.Of([0L, 1], 2, 1)),
                    Exchanged(part))));

        Assert.Equal(1, net.Apply(new ScatterToConcat()));
        Assert.Equal("Slice Concat", net.Operators());
    }

    [Theory, InlineData(new long[] { 0, 0, 0, 2 }), InlineData(new long[] { 0, 1, 0, 0 }), InlineData(new long[] { 0, -1, 0, 0 })]
    public void Other_places_stay(long[] places)
    {
        var net = new TestNet(16, 8);
        net.Output(
            net.Op("ScatterND", net.Input("x", 1, 6, 8, 12), net.Graph.AddInitializer("places", TensorData.Of(places, 1, 2, 2)),
                net.Input("part", 1, 2, 8, 12)));

        Assert.Equal(0, net.Apply(new ScatterToConcat()));
    }

    [Fact]
    public void A_partial_conv_goes_branch_by_branch()
    {
        foreach (var branches in new[] { 2, 3 })
        {
            var result = Agreement.Check(() => Partial(true), new ConversionOptions { Branches = branches },
                equivalent: () => Partial(false),
                sharing: new Dictionary<string, Sharing> { ["/head/Conv"] = Sharing.InRuns(6, 6) });
            Assert.DoesNotContain(result.Plan.Convs, c => c.Role == ConvRole.Kept);
        }
    }

    private static Model Partial(bool scatters) => TinyGraphs.Of(new Shape(2, 3, Dim.Of("h"), Dim.Of("w")), (net, image) =>
    {
        var x = net.Conv(image, "head", 12, 3);
        var part = net.Conv(net.Slice(x, [1], [0], [6], 6), "part", 6, 3);
        long[] places = [.. Enumerable.Range(0, 12).SelectMany(i => new[] { i / 6L, i % 6 })];
        var y = scatters
            ? net.Emit("ScatterND", 12, x, net.Constant(TensorData.Of(places, 2, 6, 2)), part).Output
            : net.Concat(part, net.Slice(x, [1], [6], [12], 6));
        return net.Conv(net.Relu(y), "tail", 3, 3);
    });
}
