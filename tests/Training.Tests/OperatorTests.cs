using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Operators;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>Single nodes, in forms that few networks have, give what ONNX Runtime gives.</summary>
public class OperatorTests
{
    private static readonly long[] Image = [2, 8, 7, 9];

    public static TheoryData<string> Unary() => [.. new UnaryOperator().Operators.Where(op => op is not ("Gelu" or "Acosh"))];

    [Theory]
    [MemberData(nameof(Unary))]
    public void Functions_of_one_element(string op) => Check(op);

    [Theory]
    [InlineData("LeakyRelu", "alpha", 0.3f)]
    [InlineData("Elu", "alpha", 0.7f)]
    [InlineData("Celu", "alpha", 0.7f)]
    [InlineData("Selu", "gamma", 1.3f)]
    [InlineData("ThresholdedRelu", "alpha", 0.4f)]
    [InlineData("HardSigmoid", "beta", 0.3f)]
    public void Functions_with_a_factor(string op, string attribute, float value) =>
        Check(op, node => node.With(attribute, value));

    [Fact]
    public void Functions_of_newer_opsets()
    {
        Check("Mish", opset: 18);
        Check("Gelu", opset: 20);
        Check("Gelu", node => node.With("approximate", "tanh"), opset: 20);
    }

    [Theory]
    [InlineData("Add"), InlineData("Sub"), InlineData("Mul"), InlineData("Div"), InlineData("Min"), InlineData("Max")]
    [InlineData("Sum"), InlineData("Mean")]
    public void Arithmetic_broadcasts(string op) => Check(op, inputs: [Noise(8, 1, 1)]);

    [Fact]
    public void Arithmetic_of_many_operands()
    {
        Check("Sum", inputs: [Noise(8, 1, 1), Noise(1)]);
        Check("Mean", inputs: [Noise(8, 1, 1), Noise(1)]);
        Check("Pow", inputs: [TensorData.Of([2f])]);
    }

    [Theory]
    [InlineData(1, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, new long[] { 1, 1 })]
    [InlineData(2, new long[] { 0, 1, 2, 3 }, new long[] { 2, 1 }, new long[] { 1, 1 })]
    [InlineData(8, new long[] { 2, 2, 2, 2 }, new long[] { 1, 2 }, new long[] { 2, 2 })]
    public void Convolutions(long group, long[] pads, long[] strides, long[] dilations)
    {
        Check("Conv", Sliding, inputs: [Noise(16, 8 / group, 3, 3), Noise(16)]);
        Check("Conv", Sliding, inputs: [Noise(16, 8 / group, 3, 3)]);
        Check("ConvTranspose", Sliding, inputs: [Noise(8, 16 / group, 3, 3), Noise(16)]);

        void Sliding(Node node) =>
            node.With("group", group).With("pads", pads).With("strides", strides).With("dilations", dilations);
    }

    [Fact]
    public void Transposed_convolutions_with_rows_added() =>
        Check("ConvTranspose", n => n.With("strides", [2, 2]).With("pads", [1, 1, 0, 0]).With("output_padding", [1, 1]),
            inputs: [Noise(8, 4, 3, 3)]);

    [Theory]
    [InlineData("AveragePool", 0), InlineData("AveragePool", 1), InlineData("MaxPool", 0), InlineData("LpPool", 0)]
    public void Pools(string op, long countPads) => Check(op, node =>
    {
        node.With("kernel_shape", [3, 2]).With("strides", [2, 2]).With("pads", op == "LpPool" ? [0, 0, 0, 0] : [1, 1, 1, 1]);
        if (op == "AveragePool")
            node.With("count_include_pad", countPads);
    });

    [Theory]
    [InlineData("GlobalAveragePool"), InlineData("GlobalMaxPool")]
    public void Pools_over_everything(string op) => Check(op);

    [Theory]
    [InlineData("ReduceMean"), InlineData("ReduceMax"), InlineData("ReduceMin"), InlineData("ReduceL1"), InlineData("ReduceL2"),
        InlineData("ReduceSumSquare")]
    public void Reductions(string op)
    {
        Check(op, node => node.With("axes", [2, -1]));
        Check(op, node => node.With("axes", [1]).With("keepdims", 0));
        Check(op);
    }

    [Fact]
    public void Sums_take_their_axes_as_an_input() => Check("ReduceSum", inputs: [Integers(-1, 2)]);

    [Theory]
    [InlineData("nearest", "asymmetric", "floor", 2, 3), InlineData("nearest", "half_pixel", "round_prefer_floor", 2, 2)]
    [InlineData("nearest", "asymmetric", "ceil", 1.5, 2), InlineData("nearest", "align_corners", "round_prefer_ceil", 1.7, 0.6)]
    [InlineData("linear", "half_pixel", "floor", 2, 1.5), InlineData("linear", "align_corners", "floor", 2, 3),
        InlineData("cubic", "half_pixel", "floor", 2, 2)]
    public void Resizing(string mode, string coordinates, string rounding, float high, float wide) => Check("Resize",
        node => node.With("mode", mode).With("coordinate_transformation_mode", coordinates).With("nearest_mode", rounding),
        inputs: [null, TensorData.Of([1, 1, high, wide], 4)]);

    [Fact]
    public void Resizing_to_a_size() =>
        Check("Resize", node => node.With("mode", "linear"), inputs: [null, null, Integers(2, 8, 20, 5)]);

    [Theory]
    [InlineData("constant"), InlineData("edge"), InlineData("reflect")]
    public void Padding(string mode) => Check("Pad", node => node.With("mode", mode), inputs: [Integers(0, 0, 1, 2, 0, 0, 3, 0)]);

    [Fact]
    public void Padding_of_channels_by_a_number() =>
        Check("Pad", inputs: [Integers(0, 1, 0, 0, 0, 2, 0, 1), TensorData.Of([0.5f])]);

    [Fact]
    public void Parts()
    {
        Check("Slice", inputs: [Integers(1, -5), Integers(6, -1), Integers(1, 3), Integers(2, 1)]);
        Check("Slice", inputs: [Integers(0, 2), Integers(1, 100)]);
        Check("Gather", node => node.With("axis", 1), inputs: [Integers(7, 0, -2, 0)]);
        Check("Split", node => node.With("axis", 1), outputs: 3, inputs: [Integers(2, 5, 1)]);
        Check("Concat", node => node.With("axis", -1), inputs: [Noise(2, 8, 7, 1)]);
        Check("Clip", inputs: [null, TensorData.Of([0.2f])]);
    }

    [Fact]
    public void Layouts()
    {
        Check("DepthToSpace", node => node.With("blocksize", 2));
        Check("DepthToSpace", node => node.With("blocksize", 2).With("mode", "CRD"));
        Check("SpaceToDepth", node => node.With("blocksize", 7), dims: [1, 3, 14, 7]);
        Check("Transpose");
        Check("Transpose", node => node.With("perm", [0, 2, 3, 1]));
        Check("Reshape", inputs: [Integers(0, -1, 3)]);
        Check("Flatten", node => node.With("axis", 2));
        Check("Unsqueeze", inputs: [Integers(0, -1)]);
        Check("Squeeze", dims: [1, 4, 1, 3], inputs: [Integers(0, 2)]);
        Check("Expand", dims: [1, 8, 1, 1], inputs: [Integers(2, 8, 7, 9)]);
        Check("Identity");
        Check("Dropout");
        Check("Cast", node => node.With("to", (long)ElementType.Float));
    }

    [Fact]
    public void Layers_with_parameters()
    {
        Check("PRelu", inputs: [Noise(8, 1, 1)]);
        Check("PRelu", inputs: [Noise(1)]);
        Check("PRelu", inputs: [Noise(1, 1, 9)]);
        Check("BatchNormalization", node => node.With("epsilon", 1e-3f),
            inputs: [Noise(8), Noise(8), Noise(8), TensorData.Of([1f, 2, 3, 4, 5, 6, 7, 8], 8)]);
        Check("InstanceNormalization", inputs: [Noise(8), Noise(8)]);
        Check("Softmax", node => node.With("axis", 1));
        Check("MatMul", inputs: [Noise(9, 4)]);
        Check("Gemm", node => node.With("alpha", 0.5f).With("beta", 2f).With("transB", 1), dims: [5, 6],
            inputs: [Noise(4, 6), Noise(4)]);
    }

    [Theory]
    [InlineData("TopK", "this operator")]
    [InlineData("Resize", "its coordinate mode is 'asymmetric'")]
    [InlineData("Cast", "it casts to Int64")]
    public void What_cannot_be_trained_through_is_named(string op, string reason)
    {
        var model = OneNode(op,
            op == "Resize" ? node =>
                node.With("mode", "linear").With("coordinate_transformation_mode", "asymmetric") : node => node.With("to", 7),
            Image, [null, op == "Resize" ? TensorData.Of([1f, 1, 2, 2], 4) : null], 1, 13);
        var error = Assert.Throws<MsSrException>(() => Parity.Run(model, Tensor.Zeros(Image)));
        Assert.Contains($"MSSR2601: one: these nodes can't be trained through: {op} 'node': ", error.Message,
            StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private static void Check(string op, Action<Node>? configure = null, long[]? dims = null, TensorData?[]? inputs = null,
        int outputs = 1, int opset = 15) =>
        Parity.Check(OneNode(op, configure, dims ?? Image, inputs ?? [], outputs, opset), 0, 0,
            low: op is "Log" or "Sqrt" ? 0.1f : op is "Asin" or "Acos" or "Atanh" ? -1 : -2);

    private static Model OneNode(string op, Action<Node>? configure, long[] dims, TensorData?[] inputs, int outputs, int opset)
    {
        var model = new Model(new Graph("one")) { IrVersion = 8 };
        model.OpsetImports[""] = opset;
        var graph = model.Graph;
        var x = graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(dims))));
        var read = inputs.Select((data, i) => data is null ? null : graph.AddInitializer($"c{i}", data));
        var node = new Node(op, [x, .. read], Enumerable.Range(0, outputs).Select(i => new Value($"y{i}")), "node");
        configure?.Invoke(node);
        graph.Add(node);
        foreach (var output in node.Outputs)
        {
            output!.Type = new TensorType(ElementType.Float, null);
            graph.AddOutput(output);
        }

        return model;
    }

    private static TensorData Noise(params long[] dims) => TensorData.Of(RandomInput.Of(5, -1, 1, dims).Data, dims);

    private static TensorData Integers(params long[] values) => TensorData.Of(values, values.Length);
}
