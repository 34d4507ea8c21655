using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using Xunit;

namespace MsSrConvert.Training.Tests.Engine;

/// <summary>A loss that isn't a number before the first step is no divergence: the message says where it comes from.</summary>
public sealed class LossDiagnosisTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void A_weight_that_is_not_finite_is_named() =>
        Assert.Contains("the weight 'head.bias' holds values that aren't finite",
        Error(graph => Spoil(graph, "head.bias", values => values[0] = float.NaN)), StringComparison.Ordinal);

    [Fact]
    public void The_first_node_that_gives_no_number_is_named() => Assert.Contains("Sqrt 'root' gives values that aren't finite",
        Error(graph => Insert(graph, "Sqrt", "root")), StringComparison.Ordinal);

    [Fact]
    public void A_gradient_behind_a_finite_image_is_named() =>
        Assert.Contains("the network's image is finite, but the gradient of 'head.",
        Error(graph =>
        {
            Insert(graph, "Sub", "zero", reads: 2);
            Insert(graph, "Sqrt", "root");
        }), StringComparison.Ordinal);

    private string Error(Action<Graph> spoil)
    {
        var model = ModelFile.Read(_workshop.Network("net.onnx", convert: false));
        spoil(model.Graph);
        OnnxFile.Write(model, _workshop["spoilt.onnx"]);
        var error =
            Assert.Throws<MsSrException>(() => Workshop.Train(_workshop.Request() with { Model = _workshop["spoilt.onnx"] }));
        Assert.Equal("MSSR5607", error.Diagnostic.Id);
        return error.Message;
    }

    private static void Spoil(Graph graph, string weight, Action<float[]> change)
    {
        var value = graph.Initializers.First(v => v.Name == weight);
        var numbers = value.Initializer!.ToFloats();
        change(numbers);
        graph.SetInitializer(value, TensorData.Of(numbers, [.. value.Initializer!.Dims]));
    }

    // Behind the first conv, whose features are as often below zero as above.
    private static void Insert(Graph graph, string op, string name, int reads = 1)
    {
        var before = graph.Nodes.LastOrDefault(n => n.Name == "zero") ?? graph.Nodes.First(n => n.Is("Conv"));
        var (value, uses) = (before.Output, before.Output.Uses.ToArray());
        var node = graph.Add(
            new Node(op, Enumerable.Repeat(value, reads), [new Value(name + "_out", value.Type as TensorType)], name),
            uses[0].Node);
        foreach (var use in uses)
            use.Node.SetInput(use.Index, node.Output);
    }
}
