using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class NodeFinderTests
{
    [Theory]
    [InlineData("body/conv/same1", "body/conv/same1")]
    [InlineData("net.body.conv.same1.Conv", "body/conv/same1")]
    [InlineData("Body_Conv_Same1", "body/conv/same1")]
    [InlineData("body/conv/same10", null)]
    [InlineData("body/conv/same2", null)]
    public void A_conv_is_found_by_what_its_name_was(string name, string? found) =>
        Assert.Equal(found is null ? null : name, new NodeFinder(Net(name)).Find("body/conv/same1")?.Name);

    [Fact]
    public void A_name_that_could_mean_two_finds_neither() =>
        Assert.Null(new NodeFinder(Net("a.same1.Conv", "b.same1.Conv")).Find("same1"));

    [Fact]
    public void Only_convs_are_looked_at()
    {
        var graph = Net("a");
        graph.Nodes[0].OpType = "Relu";

        Assert.Null(new NodeFinder(graph).Find("a"));
        graph.Nodes[0].OpType = "ConvTranspose";
        Assert.NotNull(new NodeFinder(graph).Find("a"));
    }

    private static Graph Net(params string[] convs)
    {
        var graph = new Graph("net");
        foreach (var name in convs)
            graph.Add(new Node("Conv", [], [new Value(name)], name));
        return graph;
    }
}
