using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class SetOpsetTests
{
    [Fact]
    public void The_opset_asked_for_must_be_known()
    {
        Assert.Equal("MSSR2104", Assert.Throws<MsSrException>(() => new SetOpset(12)).Diagnostic.Id);
        Assert.Equal("MSSR2104", Assert.Throws<MsSrException>(() => new SetOpset(25)).Diagnostic.Id);
    }

    [Fact]
    public void A_model_of_the_opset_asked_for_stays_as_it_is()
    {
        var net = Image(17, out var x);
        net.Output(net.Op("Relu", x));

        Assert.Equal(0, net.Apply(new SetOpset(17)));
    }

    [Theory]
    [InlineData(13, 7, 17, 8)]
    [InlineData(13, 8, 17, 8)]
    [InlineData(17, 10, 18, 10)]
    [InlineData(13, 7, 19, 9)]
    [InlineData(13, 7, 21, 10)]
    [InlineData(22, 10, 23, 11)]
    [InlineData(21, 10, 13, 7)]
    [InlineData(22, 10, 15, 8)]
    public void The_ir_version_is_the_sources_or_what_the_opset_needs(int from, int fromIr, int to, int toIr)
    {
        var net = new TestNet(from, fromIr);
        net.Output(net.Op("Relu", net.Input("x", 1, 2, 8, 12)));

        net.Apply(new SetOpset(to));

        Assert.Equal((to, toIr), (net.Model.Opset, net.Model.IrVersion));
    }

    [Fact]
    public void The_ir_version_stays_where_other_content_needs_it()
    {
        var net = new TestNet(22, 10);
        var node = net.Node("Relu", net.Input("x", 1, 2, 8, 12));
        node.Metadata.Add(new("note", "kept"));
        net.Output(node.Output);

        net.Apply(new SetOpset(13));

        Assert.Equal(10, net.Model.IrVersion);
    }

    [Theory]
    [InlineData(13, 18)]
    [InlineData(18, 13)]
    public void Reductions_move_their_axes(int from, int to)
    {
        var net = Image(from, out var x);
        var mean = from < 18 ? net.Node("ReduceMean", x).With("axes", [2, 3]) : net.Node("ReduceMean", x, net.Ints("axes", 2, 3));
        net.Output(mean.Output);
        net.Output(net.Op("ReduceMax", x));

        net.Apply(new SetOpset(to));

        Assert.Equal(to >= 18 ? null : [2L, 3], mean.GetInts("axes"));
        Assert.Equal(to >= 18 ? 2 : 1, mean.Inputs.Count);
    }

    [Fact]
    public void A_reduction_over_axes_that_are_computed_cant_go_down()
    {
        var net = Image(18, out var x);
        var axes = net.Graph.AddInput(new Value("axes", new TensorType(ElementType.Int64, new Shape(1))));
        net.Output(net.Op("ReduceMean", x, axes));

        var refusal = Refusal(net, 17);

        Assert.Equal("MSSR2101", refusal.Id);
        Assert.Contains("axes aren't constant", refusal.Message);
    }

    [Fact]
    public void A_reduction_that_may_do_nothing_cant_go_down()
    {
        var net = Image(18, out var x);
        net.Output(net.Node("ReduceMean", x).With("noop_with_empty_axes", 1).Output);

        Assert.Contains("noop_with_empty_axes", Refusal(net, 17).Message);
    }

    [Fact]
    public void Split_counts_its_outputs_upwards_and_states_uneven_parts_downwards()
    {
        var net = Image(13, out var x);
        var node = net.NodeTo("Split", ["a", "b"], x).With("axis", 1);
        node.Outputs.ToList().ForEach(v => net.Output(v!));

        net.Apply(new SetOpset(18));
        Assert.Equal(2, node.GetInt("num_outputs", 0));
        net.Apply(new SetOpset(13));
        Assert.Single(node.Inputs);
        Assert.Equal(["axis"], node.Attributes.Keys);

        var uneven = Image(18, out x);
        node = uneven.NodeTo("Split", ["a", "b", "c"], x).With("axis", 2).With("num_outputs", 3);
        node.Outputs.ToList().ForEach(v => uneven.Output(v!));
        uneven.Apply(new SetOpset(13));
        Assert.Equal([3, 3, 2], node.Input(1)!.Initializer!.ToInt64s());
    }

    [Fact]
    public void A_pad_of_some_axes_pads_all_axes_downwards()
    {
        var net = Image(18, out var x);
        var node = net.Node("Pad", x, net.Ints("pads", 1, 2, 3, 4), null, net.Ints("axes", -1, 2)).With("mode", "edge");
        net.Output(node.Output);

        net.Apply(new SetOpset(13));

        Assert.Equal([0, 0, 2, 1, 0, 0, 4, 3], node.Input(1)!.Initializer!.ToInt64s());
        Assert.Equal(2, node.Inputs.Count);
    }

    [Fact]
    public void A_wrapping_pad_cant_go_below_19()
    {
        var net = Image(19, out var x);
        net.Output(net.Node("Pad", x, net.Ints("pads", 0, 0, 1, 1, 0, 0, 1, 1)).With("mode", "wrap").Output);

        Assert.Equal("MSSR2101", Refusal(net, 18).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_resize_of_some_axes_resizes_all_axes_downwards(bool bySizes)
    {
        var net = Image(19, out var x);
        var scales = bySizes ? null : net.Floats("scales", [2, 3], 2);
        var sizes = bySizes ? net.Ints("sizes", 20, 16) : null;
        var node = net.Node("Resize", x, null, scales, sizes).With("axes", [3, 2]).With("mode", "linear").With("antialias", 0);
        net.Output(node.With("keep_aspect_ratio_policy", "stretch").Output);

        net.Apply(new SetOpset(13));

        if (bySizes)
            Assert.Equal([1, 4, 16, 20], node.Input(3)!.Initializer!.ToInt64s());
        else
            Assert.Equal([1, 1, 3, 2], node.Input(2)!.Initializer!.ToFloats());
        Assert.Equal(["mode"], node.Attributes.Keys);
    }

    // Twice the width and three times the height.
    [Fact]
    public void A_resize_of_some_axes_to_computed_sizes_resizes_all_axes_downwards()
    {
        var net = Image(19, out var x);
        var own = net.Op("Gather", net.Op("Shape", x), net.Ints("width_and_height", 3, 2));
        var sizes = net.Op("Mul", own, net.Ints("factors", 2, 3));
        var node = net.Node("Resize", x, null, null, sizes).With("axes", [3, 2]).With("mode", "linear");
        net.Output(node.Output);

        net.Apply(new SetOpset(13));

        Assert.Equal(["mode"], node.Attributes.Keys);
    }

    [Theory]
    [InlineData("antialias")]
    [InlineData("half_pixel_symmetric")]
    public void A_resize_that_says_more_cant_go_down(string what)
    {
        var net = Image(19, out var x);
        var node = net.Node("Resize", x, null, net.Floats("scales", [1, 1, 0.5f, 0.5f], 4)).With("mode", "linear");
        net.Output((what == "antialias" ? node.With(what, 1) : node.With("coordinate_transformation_mode", what)).Output);

        Assert.Contains(what, Refusal(net, 17).Message);
    }

    [Theory]
    [InlineData("AveragePool", "dilations", 1, true)]
    [InlineData("AveragePool", "dilations", 2, false)]
    [InlineData("Reshape", "allowzero", 0, true)]
    [InlineData("Reshape", "allowzero", 1, false)]
    [InlineData("Cast", "saturate", 1, true)]
    [InlineData("Shape", "start", 0, true)]
    [InlineData("Shape", "start", 1, false)]
    [InlineData("BatchNormalization", "training_mode", 0, true)]
    public void An_attribute_goes_downwards_only_where_it_changes_nothing(string opType, string attribute, long value, bool goes)
    {
        var net = Image(19, out var x);
        var w = net.Floats("w", [1, 2, 3, 4], 4);
        var node = opType switch
        {
            "AveragePool" => net.Node(opType, x).With("kernel_shape", [2, 2]).With(attribute, [value, value]),
            "Reshape" => net.Node(opType, x, net.Ints("shape", 1, 4, 96)).With(attribute, value),
            "Cast" => net.Node(opType, x).With("to", 10).With(attribute, value),
            "BatchNormalization" => net.Node(opType, x, w, w, w, w).With(attribute, value),
            _ => net.Node(opType, x).With(attribute, value),
        };
        net.Output(node.Output,
            opType switch { "Cast" => ElementType.Float16, "Shape" => ElementType.Int64, _ => ElementType.Float });

        if (goes)
        {
            net.Apply(new SetOpset(13));
            Assert.False(node.Attributes.ContainsKey(attribute));
        }
        else
        {
            Assert.Contains($"'{attribute}'", Refusal(net, 13).Message);
        }
    }

    [Theory]
    [InlineData("Gelu", 20, "none")]
    [InlineData("Gelu", 20, "tanh")]
    [InlineData("HardSwish", 14, "")]
    [InlineData("Mish", 18, "")]
    [InlineData("LayerNormalization", 17, "")]
    [InlineData("LayerNormalization", 17, "bias")]
    [InlineData("GroupNormalization", 21, "")]
    [InlineData("Swish", 24, "")]
    public void An_operator_that_didnt_exist_is_spelled_with_those_that_did(string opType, int opset, string variant)
    {
        var net = Image(opset, out var x);
        var node = opType switch
        {
            "LayerNormalization" => net.Node(opType, x, net.Weights("s", 12), variant == "bias" ? net.Weights("b", 12) : null),
            "GroupNormalization" => net.Node(opType, x, net.Weights("s", 4), net.Weights("b", 4)).With("num_groups", 2),
            _ => net.Node(opType, x),
        };
        node.TruncateInputs(node.Inputs.Count(i => i is not null));
        if (opType == "Gelu")
            node.With("approximate", variant);
        var name = node.Name;
        net.Output(node.Output);

        net.Apply(new SetOpset(13));

        Assert.DoesNotContain(opType, net.Operators());
        Assert.Contains(net.Graph.Nodes, n => n.Name == name);
    }

    [Fact]
    public void Group_normalization_of_opset_18_gets_a_scale_per_channel()
    {
        var net = Image(18, out var x);
        var node = net.Node("GroupNormalization", x, net.Weights("s", 2), net.Weights("b", 2)).With("num_groups", 2);
        net.Output(node.Output);

        net.Apply(new SetOpset(21));

        var (old, now) = (net.Graph.Initializers[0].Initializer!.ToFloats(), node.Input(1)!.Initializer!.ToFloats());
        Assert.Equal([old[0], old[0], old[1], old[1]], now);
    }

    [Fact]
    public void Grid_sampling_renames_its_modes()
    {
        var net = Image(16, out var x);
        var node = net.Node("GridSample", x, net.Weights("grid", 1, 5, 6, 2)).With("mode", "bicubic");
        net.Output(node.Output);

        net.Apply(new SetOpset(20));
        Assert.Equal("cubic", node.GetString("mode", ""));
        net.Apply(new SetOpset(16));
        Assert.Equal("bicubic", node.GetString("mode", ""));
    }

    [Fact]
    public void An_operator_without_a_counterpart_is_refused_by_name()
    {
        var net = Image(18, out var x);
        net.Output(net.Node("CenterCropPad", x, net.Ints("shape", 1, 4, 6, 6)).Output);

        var refusal = Refusal(net, 17);

        Assert.Equal("MSSR2102", refusal.Id);
        Assert.Contains("CenterCropPad", refusal.Where);
    }

    [Fact]
    public void Types_that_came_later_are_refused()
    {
        var net = Image(22, out var x);
        var wide = net.Node("Cast", x).With("to", 16);
        wide.Output.Type = new TensorType(ElementType.BFloat16, null);
        var mean = net.Node("GlobalAveragePool", wide.Output);
        net.Output(net.Node("Cast", mean.Output).With("to", 1).Output);

        Assert.Equal("MSSR2101", Refusal(net, 21).Id);
    }

    [Theory]
    [InlineData(13, 24)]
    [InlineData(24, 13)]
    public void A_plain_network_goes_all_the_way_and_keeps_its_operators(int from, int to)
    {
        var net = Image(from, out var x);
        var h = net.Conv(x, net.Weights("w", 8, 4, 3, 3), net.Weights("b", 8)).Output;
        h = net.Op("PRelu", net.Op("Add", h, net.Op("Relu", h)), net.Weights("slope", 8, 1, 1));
        h = net.Node("DepthToSpace", h).With("blocksize", 2).Output;
        h = net.Node("Resize", h, null, net.Floats("scales", [1, 1, 2, 2], 4)).With("mode", "nearest").Output;
        net.Output(net.Node("Concat", h, net.Op("Sigmoid", h)).With("axis", 1).Output);
        var before = net.Operators();

        net.Apply(new SetOpset(to));

        Assert.Equal(before, net.Operators());
        Assert.Equal(to, net.Model.Opset);
    }

    private static TestNet Image(int opset, out Value x)
    {
        var net = new TestNet(opset, opset switch { < 15 => 7, < 19 => 8, < 21 => 9, < 23 => 10, _ => 12 });
        x = net.Input("x", 1, 4, 8, 12);
        return net;
    }

    private static Diagnostic Refusal(TestNet net, int opset) =>
        Assert.Throws<MsSrException>(() => new SetOpset(opset).Run(net.Model, new PassContext())).Diagnostic;
}
