using MsSrConvert.GraphIR;
using MsSrConvert.PyTorch.Sizes;
using Xunit;

namespace MsSrConvert.PyTorch.Tests.Sizes;

public class SizeTests
{
    private static readonly SizeExpression H = SizeExpression.Variable(() => "h");

    [Fact]
    public void Expressions_have_the_brackets_they_need_and_no_others()
    {
        var blocks = (H + Of(3)) / Of(4);
        Assert.Equal("(h + 3) // 4 * 4 - h", ((blocks * Of(4)) - H).Text);
        Assert.Equal("h // (h - (h - 1))", (H / (H - (H - Of(1)))).Text);
        Assert.Equal("h", ((H * Of(1) + Of(0)) / Of(1)).Text);
        Assert.Equal("(8 - h % 8) % 8", ((Of(8) - (H % Of(8))) % Of(8)).Text);
        Assert.Equal("min(h, 4)", SizeExpression.Call("min", H, Of(4)).Text);
        Assert.Equal((3, 5), ((Of(-5) % Of(8)).Constant, SizeExpression.Call("max", Of(5), Of(2)).Constant));
        Assert.Equal(14, ((Of(3) + Of(4)) * Of(2)).Constant);
    }

    [Fact]
    public void Sizes_computed_in_the_graph_become_integers_and_only_those_needed_are_read()
    {
        var model = SmallNet.Of("Relu");
        var graph = model.Graph;
        var x = graph.Outputs[0];
        Value Emit(string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null)
        {
            var node = new Node(opType, inputs, [new Value($"v{graph.Nodes.Count}")], $"n{graph.Nodes.Count}");
            configure?.Invoke(node);
            return graph.Add(node).Output;
        }

        var shape = Emit("Shape", [x]);
        var side = Emit("Gather", [shape, graph.AddInitializer("two", TensorData.Of([2L], 1))]);
        var half = Emit("Div", [side, graph.AddInitializer("half", TensorData.Of([2L], 1))]);
        var cut = Emit("Slice",
            [
                x, graph.AddInitializer("start", TensorData.Of([0L], 1)), half,
                graph.AddInitializer("axis", TensorData.Of([2L], 1))
            ]);
        graph.ReplaceOutput(x, cut);
        Assert.Equal(["x = F.relu(x)", "height = x.shape[2]", "x = x[:, :, :height // 2]"], SmallNet.Forward(model));
    }

    [Fact]
    public void Sizes_that_are_used_as_a_tensor_are_refused()
    {
        var model = SmallNet.Of("Shape");
        model.Graph.ReplaceOutput(model.Graph.Outputs[0],
            model.Graph.Add(new Node("Sqrt", [model.Graph.Outputs[0]], [new Value("root")], "root")).Output);
        var error = Assert.Throws<MsSrException>(() => PyTorchWriter.Write(model, "small.onnx"));
        Assert.Contains("it computes with the sizes 'out1' as with a tensor", error.Diagnostic.Message, StringComparison.Ordinal);
    }

    private static SizeExpression Of(long value) => SizeExpression.Of(value);
}
