using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class UpgradeOperatorsTests
{
    [Fact]
    public void A_model_of_opset_13_or_newer_stays_as_it_is()
    {
        var net = Image(17, out var x);
        net.Output(net.Op("Relu", x));

        Assert.Equal(0, net.Apply(new UpgradeOperators()));
        Assert.Equal(17, net.Model.Opset);
    }

    [Fact]
    public void An_old_model_is_of_opset_13_and_ir_version_7_afterwards()
    {
        var net = Image(9, out var x, irVersion: 4);
        net.Output(net.Op("Relu", x));

        Assert.Equal(1, net.Apply(new UpgradeOperators()));
        Assert.Equal(13, net.Model.Opset);
        Assert.Equal(7, net.Model.IrVersion);
    }

    [Fact]
    public void An_opset_before_6_or_after_26_is_refused()
    {
        foreach (var opset in new[] { 5, 27 })
        {
            var net = Image(opset, out var x);
            net.Output(net.Op("Relu", x));

            Assert.Equal("MSSR2105", Refusal(net).Id);
        }
    }

    [Fact]
    public void A_model_of_opset_26_is_lowered_to_24_unless_it_uses_what_came_later()
    {
        var net = Image(26, out var x, irVersion: 13);
        net.Output(net.Op("Reshape", net.Op("Relu", x), net.Ints("shape", 1, -1)));

        Assert.Equal(1, net.Apply(new UpgradeOperators()));
        Assert.Equal((24, 12), (net.Model.Opset, net.Model.IrVersion));

        var late = Image(26, out x, irVersion: 13);
        late.Output(late.Op("CumProd", x, late.Ints("axis", 1)));
        Assert.Equal("MSSR2102", Refusal(late).Id);
    }

    [Fact]
    public void The_broadcasts_of_opset_6_get_axes_to_align_by()
    {
        var net = Image(6, out var x, irVersion: 3);
        var (bias, slopes) = (net.Weights("bias", 4), net.Weights("slopes", 4));
        var shifted = net.Node("Add", x, bias).With("broadcast", 1).With("axis", 1).Output;
        var scaled = net.Node("Mul", net.Op("PRelu", shifted, slopes), net.Weights("row", 12)).With("broadcast", 1).Output;
        net.Output(net.Node("Dropout", net.Node("Sub", scaled, x).Output).With("is_test", 1).Output);

        net.Apply(new UpgradeOperators(), compare: false);

        var equal = Image(13, out x);
        shifted = equal.Op("Add", x, equal.Floats("bias", bias.Initializer!.ToFloats(), 4, 1, 1));
        scaled = equal.Op("Mul", equal.Op("PRelu", shifted, equal.Floats("slopes", slopes.Initializer!.ToFloats(), 4, 1, 1)),
            equal.Floats("row", net.Graph.Initializers.First(v => v.Name == "row").Initializer!.ToFloats(), 12));
        equal.Output(equal.Op("Dropout", equal.Op("Sub", scaled, x)));
        Assert.Equal(equal.Operators(), net.Operators());
        var (expected, actual) = (Numeric.Run(equal.Bytes(), 8, 12)[0].Value, Numeric.Run(net.Bytes(), 8, 12)[0].Value);
        Assert.Equal(0, expected.MaxDifference(actual));
    }

    [Fact]
    public void The_factors_of_an_upsample_of_opset_6_become_scales()
    {
        var net = Image(6, out var x, irVersion: 3);
        net.Output(net.Node("Upsample", x).With("height_scale", 2f).With("width_scale", 3f).With("mode", "nearest").Output);

        net.Apply(new UpgradeOperators(), compare: false);

        Assert.Equal([1, 1, 2, 3], net.Graph.Nodes.Single().Input(2)!.Initializer!.ToFloats());
    }

    [Fact]
    public void Clip_gets_its_bounds_as_inputs()
    {
        var net = Image(7, out var x);
        net.Output(net.Node("Clip", net.Node("Clip", x).With("max", 0.25f).Output).With("min", -0.1f).Output);

        Rewrite(net);

        Assert.Null(net.Graph.Nodes[0].Input(1));
        Assert.True(net.Graph.Nodes[0].Input(2)!.Initializer!.Dims.Count == 0);
        Assert.Equal([-0.1f], net.Graph.Nodes[1].Input(1)!.Initializer!.ToFloats());
    }

    [Fact]
    public void Clip_of_half_precision_gets_bounds_of_half_precision()
    {
        var net = Image(9, out var x);
        var half = net.Node("Cast", x).With("to", 10).Output;
        var clipped = net.Node("Clip", half).With("min", 0f).With("max", 0.5f).Output;
        net.Output(net.Node("Cast", clipped).With("to", 1).Output);

        // ONNX Runtime has no Clip of half precision for this opset.
        net.Apply(new UpgradeOperators(), compare: false);

        Assert.Equal(ElementType.Float16, clipped.Producer!.Input(2)!.Initializer!.Element);
    }

    [Theory]
    [InlineData("constant", 0.5f)]
    [InlineData("constant", 0f)]
    [InlineData("edge", 0f)]
    [InlineData("reflect", 0f)]
    public void Pad_gets_pads_and_value_as_inputs(string mode, float value)
    {
        var net = Image(9, out var x);
        net.Output(net.Node("Pad", x).With("pads", [0, 0, 1, 2, 0, 0, 3, 1]).With("mode", mode).With("value", value).Output);

        Rewrite(net);

        Assert.Equal(value == 0 ? 2 : 3, net.Graph.Nodes[0].Inputs.Count);
    }

    [Fact]
    public void Slice_gets_starts_ends_and_axes_as_inputs()
    {
        var net = Image(9, out var x);
        var cut = net.Node("Slice", x).With("starts", [1, -5]).With("ends", [100, -1]).With("axes", [1, 3]).Output;
        net.Output(net.Node("Slice", cut).With("starts", [0]).With("ends", [1]).Output);

        Rewrite(net);

        Assert.Equal([4, 3], net.Graph.Nodes.Select(n => n.Inputs.Count));
    }

    [Fact]
    public void Split_gets_its_parts_as_an_input_where_it_states_them()
    {
        var net = Image(11, out var x);
        var parts = net.NodeTo("Split", ["a", "b"], x).With("axis", 1).With("split", [1, 3]);
        var halves = net.NodeTo("Split", ["c", "d"], parts.Outputs[1]).With("axis", 2);
        parts.Outputs.Concat(halves.Outputs).ToList().ForEach(v => net.Output(v!));

        Rewrite(net);

        Assert.Equal([2, 1], net.Graph.Nodes.Select(n => n.Inputs.Count));
    }

    [Fact]
    public void Squeeze_Unsqueeze_and_ReduceSum_get_their_axes_as_inputs()
    {
        var net = Image(11, out var x);
        var sum = net.Node("ReduceSum", x).With("axes", [2, -1]).Output;
        var squeezed = net.Node("Squeeze", sum).With("axes", [2, 3]).Output;
        net.Output(net.Node("Unsqueeze", squeezed).With("axes", [-1]).Output);
        net.Output(net.Op("ReduceSum", x));
        net.Output(net.Node("ReduceMean", x).With("axes", [1]).Output);

        Rewrite(net);

        Assert.Equal([2, 2, 2, 1, 1], net.Graph.Nodes.Select(n => n.Inputs.Count));
    }

    [Theory]
    [InlineData(7, "nearest")]
    [InlineData(7, "linear")]
    [InlineData(9, "nearest")]
    [InlineData(9, "linear")]
    public void Upsample_becomes_an_asymmetric_Resize(int opset, string mode)
    {
        var net = Image(opset, out var x);
        float[] scales = [1, 1, 2, 3];
        net.Output(opset == 7
            ? net.Node("Upsample", x).With("scales", new FloatsAttribute(scales)).With("mode", mode).Output
            : net.Node("Upsample", x, net.Floats("scales", scales, 4)).With("mode", mode).Output);

        Rewrite(net);

        var resize = Assert.Single(net.Graph.Nodes);
        Assert.Equal("Resize", resize.OpType);
        Assert.Equal("asymmetric", resize.GetString("coordinate_transformation_mode", ""));
        Assert.Equal(mode == "nearest" ? "floor" : "", resize.GetString("nearest_mode", ""));
    }

    [Theory]
    [InlineData("nearest", 2.5f, 2.5f)]
    [InlineData("nearest", 0.5f, 0.4f)]
    [InlineData("linear", 0.5f, 3f)]
    public void Resize_of_opset_10_gives_the_same_pixels(string mode, float height, float width)
    {
        var net = Image(10, out var x);
        net.Output(net.Node("Resize", x, net.Floats("scales", [1, 1, height, width], 4)).With("mode", mode).Output);

        Rewrite(net);
    }

    [Fact]
    public void Resize_of_opset_10_that_shrinks_and_enlarges_is_refused()
    {
        var net = Image(10, out var x);
        net.Output(net.Op("Resize", x, net.Floats("scales", [1, 1, 0.5f, 2], 4)));

        Assert.Equal("MSSR2101", Refusal(net).Id);
    }

    [Fact]
    public void Resize_of_opset_10_with_scales_nobody_knows_is_reported()
    {
        var net = Image(10, out var x);
        net.Output(net.Op("Resize", x, net.Input("scales", 4)));

        net.Apply(new UpgradeOperators(), compare: false);

        Assert.Equal("MSSR2109", Assert.Single(net.Context.Diagnostics).Id);
    }

    [Fact]
    public void Resize_in_a_coordinate_mode_that_ended_is_refused()
    {
        var net = Image(11, out var x);
        var node = net.Node("Resize", x, net.Floats("roi", [], 0), net.Floats("scales", [1, 1, 2, 2], 4));
        net.Output(node.With("coordinate_transformation_mode", "tf_half_pixel_for_nn").Output);

        Assert.Equal("MSSR2101", Refusal(net).Id);
    }

    [Theory]
    [InlineData("Softmax", 1, true)]
    [InlineData("LogSoftmax", 2, true)]
    [InlineData("Softmax", 3, false)]
    [InlineData("Hardmax", -1, false)]
    public void Softmax_over_several_axes_is_flattened_and_over_the_last_one_it_stays(string opType, long axis, bool flattens)
    {
        var net = Image(11, out var x);
        net.Output(net.Node(opType, x).With("axis", axis).Output);

        Rewrite(net);

        Assert.Equal(flattens ? $"Shape Flatten {opType} Reshape" : opType, net.Operators());
    }

    [Fact]
    public void Softmax_whose_further_axes_are_one_stays_on_its_axis()
    {
        var net = new TestNet(11);
        net.Output(net.Op("Softmax", net.Input("x", 2, 5, 1, 1)));

        Rewrite(net);

        Assert.Equal(1, Assert.Single(net.Graph.Nodes).GetInt("axis", -1));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void BatchNormalization_loses_what_opset_9_took_away(int opset)
    {
        var net = Image(opset, out var x);
        var positive = net.Floats("variance", [1, 2, 3, 4], 4);
        var norm = net.Node("BatchNormalization", x, net.Weights("scale", 4), net.Weights("bias", 4), net.Weights("mean", 4),
            positive);
        if (opset == 7)
            norm.With("spatial", 1);
        net.Output(norm.Output);

        Rewrite(net);

        Assert.False(norm.Attributes.ContainsKey("spatial"));
    }

    [Fact]
    public void BatchNormalization_per_element_is_refused()
    {
        var net = Image(7, out var x);
        var w = net.Weights("w", 4);
        net.Output(net.Node("BatchNormalization", x, w, w, w, w).With("spatial", 0).Output);

        var refusal = Refusal(net);

        Assert.Equal("MSSR2101", refusal.Id);
        Assert.Contains("BatchNormalization", refusal.Where);
        Assert.Contains("opset 7 to opset 13", refusal.Message);
    }

    [Fact]
    public void Dropout_loses_its_ratio()
    {
        var net = Image(7, out var x);
        net.Output(net.Node("Dropout", x).With("ratio", 0.5f).Output);

        Rewrite(net);

        Assert.Empty(net.Graph.Nodes[0].Attributes);
    }

    [Fact]
    public void TopK_gets_its_count_as_an_input()
    {
        var net = Image(9, out var x);
        var top = net.NodeTo("TopK", ["values", "indices"], x).With("k", 3).With("axis", 3);
        net.Output(top.Outputs[0]!);

        Rewrite(net);

        Assert.Equal([3], top.Input(1)!.Initializer!.ToInt64s());
    }

    [Fact]
    public void Scatter_becomes_ScatterElements()
    {
        var net = new TestNet(9);
        var indices = net.Graph.AddInitializer("indices", TensorData.Of([1L, 0], 1, 2));
        net.Output(net.Node("Scatter", net.Input("x", 2, 3), indices, net.Weights("updates", 1, 2)).With("axis", 1).Output);

        Rewrite(net);

        Assert.Equal("ScatterElements", net.Operators());
    }

    [Fact]
    public void Operators_that_only_learned_new_types_are_left_alone()
    {
        var net = Image(8, out var x);
        var h = net.Conv(x, net.Weights("w", 8, 4, 3, 3), net.Weights("b", 8)).Output;
        h = net.Op("PRelu", net.Node("LeakyRelu", h).With("alpha", 0.2f).Output, net.Weights("slope", 8, 1, 1));
        h = net.Node("DepthToSpace",
            net.Node("MaxPool", h).With("kernel_shape", [2, 2]).With("strides", [2, 2]).Output).With("blocksize", 2).Output;
        h = net.Node("Concat", h, net.Node("AveragePool", h).With("kernel_shape", [1, 1]).Output).With("axis", 1).Output;
        net.Output(net.Node("Flatten", net.Op("Add", h, net.Node("ReduceMean", h).With("axes", [2, 3]).Output)).Output);

        Assert.Equal(1, net.Apply(new UpgradeOperators()));
    }

    [Fact]
    public void Bodies_are_respelled_too()
    {
        var net = Image(11, out var x);
        var condition = net.Graph.AddInitializer("yes", new TensorData(ElementType.Bool, [], new byte[] { 1 }));
        Graph Branch(string name)
        {
            var graph = new Graph(name);
            var squeezed = graph.Add(new Node("Squeeze", [x], [new Value(name + "_y", new TensorType(ElementType.Float, null))]));
            graph.AddOutput(squeezed.With("axes", [0]).Output);
            return graph;
        }

        var node = new Node("If", [condition], [new Value("y")], "if")
            .With("then_branch", new GraphAttribute(Branch("then"))).With("else_branch", new GraphAttribute(Branch("else")));
        net.Output(net.Graph.Add(node).Output);

        Assert.Equal(3, net.Apply(new UpgradeOperators()));
    }

    private static TestNet Image(int opset, out Value x, int irVersion = 7)
    {
        var net = new TestNet(opset, irVersion);
        x = net.Input("x", 1, 4, 8, 12);
        return net;
    }

    private static void Rewrite(TestNet net)
    {
        Assert.NotEqual(0, net.Apply(new UpgradeOperators()));
        Assert.Equal(13, net.Model.Opset);
    }

    private static Diagnostic Refusal(TestNet net) =>
        Assert.Throws<MsSrException>(() => new UpgradeOperators().Run(net.Model, new PassContext())).Diagnostic;
}
