using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class NhwcToNchwTests
{
    private static readonly Dim Height = Dim.Of("height");
    private static readonly Dim Width = Dim.Of("width");

    [Fact]
    public void Bias_and_activation_between_two_convs_lose_their_transposes()
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 5);
        h = net.Op("Relu", net.Op("Add", h, net.Weights("bias", 5)));
        net.Output(Conv(net, h, "w2", 5, 3));

        Settle(net);

        Assert.Equal("Transpose Conv Add Relu Conv Transpose", net.Operators());
        Assert.Equal([5L, 1, 1], net.Graph.Nodes[2].Input(1)!.Initializer!.Dims);
    }

    [Fact]
    public void A_network_in_channels_first_stays()
    {
        var net = new TestNet();
        var turned = net.Node("Transpose", net.Op("Relu", net.Input("x", 1, 3, Height, Width))).With("perm", [0, 2, 3, 1]).Output;
        net.Output(net.Op("MatMul", turned, net.Weights("w", 3, 3)));

        Assert.Equal(0, net.Apply(new NhwcToNchw()));
    }

    [Fact]
    public void A_transposed_value_that_only_a_matrix_product_reads_stays()
    {
        var net = new TestNet();
        var turned = net.Node("Transpose", net.Input("x", 1, 3, Height, Width)).With("perm", [0, 2, 3, 1]).Output;
        var product = net.Op("Relu", net.Op("MatMul", turned, net.Weights("w", 3, 3)));
        net.Output(net.Op("MatMul", product, net.Weights("v", 3, 3)));

        Assert.Equal(0, net.Apply(new NhwcToNchw()));
    }

    [Fact]
    public void A_product_over_the_channels_between_two_transposes_is_a_conv_and_one_matrix_stays_one_kernel()
    {
        var net = new TestNet();
        var matrix = net.Weights("w", 3, 3);
        Value Linear(Value x)
        {
            var turned = net.Node("Transpose", x).With("perm", [0, 2, 3, 1]).Output;
            return net.Node("Transpose",
                net.Op("Add", net.Op("MatMul", turned, matrix), net.Weights($"b_{x.Name}", 3))).With("perm", [0, 3, 1, 2]).Output;
        }

        net.Output(net.Op("Sigmoid", Linear(net.Op("Relu", Linear(net.Op("Relu", net.Input("x", 1, 3, Height, Width)))))));

        Settle(net);

        Assert.Equal("Relu Conv Add Relu Conv Add Sigmoid", net.Operators());
        Assert.Same(net.Graph.Nodes[1].Input(1), net.Graph.Nodes[4].Input(1));
    }

    [Fact]
    public void A_residual_block_with_a_skip_from_the_input_keeps_one_transpose_at_each_end()
    {
        var net = Nhwc(out var x);
        var centred = net.Op("Sub", x, net.Weights("mean", 1, 1, 1, 3));
        var h = net.Op("Relu", Conv(net, centred, "w1", 3, 4));
        h = net.Op("Add", h, Conv(net, h, "w2", 4, 4));
        net.Output(net.Op("Add", Conv(net, h, "w3", 4, 3), centred));

        Settle(net);

        Assert.Equal("Transpose Sub Conv Relu Conv Add Conv Add Transpose", net.Operators());
    }

    [Fact]
    public void Axes_pads_and_scales_move_with_the_layout()
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 4);
        h = net.Op("Pad", h, net.Ints("pads", 0, 1, 2, 0, 0, 3, 4, 0));
        h = net.Node("Concat", h, net.Op("Sigmoid", h)).With("axis", -1).Output;
        var split = net.NodeTo("Split", ["s0", "s1"], h, net.Ints("parts", 3, 5)).With("axis", 3);
        h = net.Op("Resize", split.Outputs[1], null, net.Floats("scales", [1, 2, 3, 1], 4));
        h = net.Op("Slice", h, net.Ints("starts", 0, 1), net.Ints("ends", -2, 5), net.Ints("axes", 1, 3));
        h = net.Op("Mul", h, net.Node("ReduceMean", h).With("axes", [1, 2]).Output);
        h = net.Node("Softmax", net.Op("PRelu", h, net.Weights("slope", 1, 1, 4))).With("axis", -1).Output;
        net.Output(Conv(net, h, "w2", 4, 3));

        Settle(net);

        Assert.Equal("Transpose Conv Pad Sigmoid Concat Split Resize Slice ReduceMean Mul PRelu Softmax Conv Transpose",
            net.Operators());
    }

    [Theory, InlineData("ReduceL1"), InlineData("ReduceProd"), InlineData("ReduceSumSquare"), InlineData("ReduceLogSumExp")]
    public void Every_reduction_over_space_moves_with_the_layout(string op)
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 4);
        h = net.Op("Mul", h, net.Node(op, h).With("axes", [1, 2]).Output);
        net.Output(Conv(net, h, "w2", 4, 3));

        Settle(net);

        Assert.Equal($"Transpose Conv {op} Mul Conv Transpose", net.Operators());
    }

    [Fact]
    public void What_compares_and_chooses_moves_with_the_layout()
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 4);
        h = net.Op("Where", net.Op("Not", net.Op("IsNaN", h)), h, net.Op("Abs", h));
        net.Output(Conv(net, h, "w2", 4, 3));

        Settle(net);

        Assert.Equal(2, net.Graph.Nodes.Count(n => n.OpType == "Transpose"));
    }

    [Fact]
    public void Sizes_taken_from_another_value_are_reordered_at_run_time()
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 4);
        var small = Conv(net, h, "w2", 4, 4, stride: 2);
        var back = net.Op("Resize", small, null, null, net.Op("Shape", net.Op("Relu", h)));
        net.Output(Conv(net, net.Op("Add", h, back), "w3", 4, 3));

        Settle(net);

        Assert.Equal(2, net.Graph.Nodes.Count(n => n.OpType == "Transpose"));
    }

    [Fact]
    public void A_gate_of_pooled_channels_goes_along()
    {
        var net = Nhwc(out var x);
        var h = Conv(net, x, "w1", 3, 4);
        var pooled = net.Op("ReduceMean", h);
        pooled.Producer!.With("axes", [1, 2]).With("keepdims", 0);
        var gate = net.Op("Sigmoid", net.Op("MatMul", pooled, net.Weights("m", 4, 4)));
        var wide = net.Op("Reshape", gate, net.Ints("shape", -1, 1, 1, 4));
        net.Output(Conv(net, net.Op("Mul", h, wide), "w2", 4, 3));

        Settle(net);

        Assert.Equal("Transpose Conv ReduceMean MatMul Sigmoid Reshape Transpose Mul Conv Transpose", net.Operators());
    }

    [Fact]
    public void A_value_that_is_read_in_the_old_layout_too_gets_one_transpose_for_that()
    {
        var net = Nhwc(out var x);
        var h = net.Op("Relu", net.Op("Abs", Conv(net, x, "w1", 3, 4)));
        net.Output(Conv(net, h, "w2", 4, 3));
        net.Output(net.Op("MatMul", h, net.Weights("m", 4, 2)));

        Settle(net);

        Assert.Equal(3, net.Graph.Nodes.Count(n => n.OpType == "Transpose"));
    }

    [Fact]
    public void A_constant_that_two_nodes_share_stays_one()
    {
        var net = Nhwc(out var x);
        var bias = net.Weights("bias", 4);
        var h = net.Op("Add", Conv(net, x, "w1", 3, 4), bias);
        net.Output(Conv(net, net.Op("Add", Conv(net, h, "w2", 4, 4), bias), "w3", 4, 3));

        Settle(net);

        var sums = net.Graph.Nodes.Where(n => n.OpType == "Add").ToArray();
        Assert.Same(sums[0].Input(1), sums[1].Input(1));
    }

    private static TestNet Nhwc(out Value x)
    {
        var net = new TestNet();
        x = net.Input("x", 1, Height, Width, 3);
        return net;
    }

    // As exporters spell it: a Transpose on either side of the conv.
    private static Value Conv(TestNet net, Value x, string name, long from, long to, long stride = 1)
    {
        var nchw = net.Node("Transpose", x).With("perm", [0, 3, 1, 2]).Output;
        var y = net.Conv(nchw, net.Weights(name, to, from, 3, 3)).With("strides", [stride, stride]).Output;
        return net.Node("Transpose", y).With("perm", [0, 2, 3, 1]).Output;
    }

    private static void Settle(TestNet net)
    {
        IPass[] around = [new MergeIdenticalNodes(), new MergeTransposes(), new NhwcToNchw(), new MergeTransposes(),
            new DropIdentities()];
        foreach (var pass in around)
            net.Apply(pass);
    }
}
