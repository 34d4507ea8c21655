using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

public class NodeRunnerTests
{
    private readonly Graph _graph = new("constants");

    [Fact]
    public void A_node_of_constants_is_computed_in_its_own_types()
    {
        var q = _graph.AddInitializer("q", new TensorData(ElementType.Int8, [3], new byte[] { 1, 255, 4 }));
        var scale = _graph.AddInitializer("scale", TensorData.Of([0.5f]));
        Assert.Equal([0.5f, -0.5f, 2], Run(13, new Node("DequantizeLinear", [q, scale], [new Value("x")]))!.Single().ToFloats());
    }

    [Fact]
    public void Every_output_is_given_and_large_integers_stay_exact()
    {
        var x = _graph.AddInitializer("x", TensorData.Of([(1L << 40) + 1, 2, 3], 3));
        var parts = Run(13,
            new Node("Split", [x, _graph.AddInitializer("sizes", TensorData.Of([1L, 2], 2))], [new Value("a"), new Value("b")]))!;
        Assert.Equal([[(1L << 40) + 1], [2, 3]], parts.Select(p => p.ToInt64s()));
    }

    [Fact]
    public void The_opset_decides_the_form()
    {
        var x = _graph.AddInitializer("x", TensorData.Of([1f, 2, 3, 4], 2, 2));
        Node Mean(params Value[] more) => new("ReduceMean", [x, .. more], [new Value("y")]);
        Assert.Equal([1.5f, 3.5f], Run(13, Mean().With("axes", [1]))!.Single().ToFloats());
        Assert.Equal([1.5f, 3.5f], Run(18, Mean(_graph.AddInitializer("axes", TensorData.Of([1L], 1))))!.Single().ToFloats());
    }

    [Fact]
    public void What_the_runtime_refuses_is_null() =>
        Assert.Null(
            Run(13,
                new Node("Reshape",
                    [_graph.AddInitializer("x", TensorData.Of([1f, 2, 3], 3)),
                        _graph.AddInitializer("s", TensorData.Of([2L], 1))], [new Value("y")])));

    private IReadOnlyList<TensorData>? Run(long opset, Node node) => NodeRunner.Run(_graph.Add(node), opset);
}
