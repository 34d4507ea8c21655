using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class ResolveAutoPadTests
{
    private static readonly Dim Height = Dim.Of("height");
    private static readonly Dim Width = Dim.Of("width");

    [Theory]
    [InlineData("SAME_UPPER", new long[] { 1, 0, 1, 1 })]
    [InlineData("SAME_LOWER", new long[] { 1, 1, 1, 0 })]
    [InlineData("VALID", new long[] { 0, 0, 0, 0 })]
    public void A_conv_of_stride_one_needs_no_size(string mode, long[] pads)
    {
        var net = new TestNet();
        var conv = net.Node("Conv", net.Input("x", 1, 3, Height, Width), net.Weights("w", 4, 3, 3, 2)).With("auto_pad", mode);
        net.Output(conv.Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));

        Assert.Equal(pads, conv.GetInts("pads"));
        Assert.False(conv.Attributes.ContainsKey("auto_pad"));
    }

    [Theory]
    [InlineData("Conv", "")]
    [InlineData("Conv", "NOTSET")]
    [InlineData("MaxPool", "")]
    public void No_mode_leaves_the_pads_as_they_are(string op, string mode)
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, Height, Width);
        var node = net.Node(op, op == "Conv" ? [x, net.Weights("w", 4, 3, 3, 3)] : [x]).With("kernel_shape",
            [3, 3]).With("auto_pad", mode).With("pads", [1, 0, 1, 0]);
        net.Output(node.Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));

        Assert.Equal([1, 0, 1, 0], node.GetInts("pads"));
        Assert.False(node.Attributes.ContainsKey("auto_pad"));
    }

    [Fact]
    public void A_dilated_kernel_is_padded_by_what_it_spans()
    {
        var net = new TestNet();
        var conv = net.Node("Conv", net.Input("x", 1, 3, Height, Width), net.Weights("w", 4, 3, 3, 3))
            .With("auto_pad", "SAME_UPPER").With("dilations", [2, 3]);
        net.Output(conv.Output);

        // ONNX Runtime itself can't run the two together.
        Assert.Equal(1, net.Apply(new ResolveAutoPad(), compare: false));
        Assert.Equal([2, 3, 2, 3], conv.GetInts("pads"));
    }

    [Fact]
    public void A_strided_conv_on_a_size_nobody_knows_stays()
    {
        var net = new TestNet();
        var conv = net.Node("Conv", net.Input("x", 1, 3, Height, Width), net.Weights("w", 4, 3, 3, 3))
            .With("auto_pad", "SAME_UPPER").With("strides", [2, 2]);
        net.Output(conv.Output);

        Assert.Equal(0, net.Apply(new ResolveAutoPad()));
    }

    [Theory]
    [InlineData(8, 12)]
    [InlineData(9, 13)]
    [InlineData(10, 7)]
    public void A_strided_conv_on_a_known_size_is_padded_for_it(long height, long width)
    {
        var net = new TestNet();
        var conv = net.Node("Conv", net.Input("x", 1, 3, height, width), net.Weights("w", 4, 3, 5, 2))
            .With("auto_pad", "SAME_LOWER").With("strides", [3, 2]);
        net.Output(conv.Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));
    }

    [Fact]
    public void A_strided_conv_on_a_multiple_of_its_stride_is_padded_for_it()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 12, Height, Width);
        var twice = net.Node("DepthToSpace", x).With("blocksize", 2).Output;
        var conv = net.Node("Conv", twice, net.Weights("w", 4, 3, 3, 3)).With("auto_pad", "SAME_UPPER").With("strides", [2, 2]);
        net.Output(conv.Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));
        Assert.Equal([0, 0, 1, 1], conv.GetInts("pads"));
    }

    [Theory]
    [InlineData("MaxPool", "SAME_UPPER")]
    [InlineData("MaxPool", "SAME_LOWER")]
    [InlineData("AveragePool", "SAME_UPPER")]
    [InlineData("AveragePool", "VALID")]
    public void Pools_are_padded_too(string opType, string mode)
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        net.Output(net.Node(opType, x).With("kernel_shape", [3, 4]).With("strides", [2, 3]).With("auto_pad", mode).Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));
    }

    [Theory]
    [InlineData("SAME_UPPER", 3)]
    [InlineData("SAME_LOWER", 3)]
    [InlineData("SAME_UPPER", 4)]
    [InlineData("VALID", 3)]
    public void A_transposed_conv_needs_no_size_at_any_stride(string mode, long kernel)
    {
        var net = new TestNet();
        var conv = net.Node("ConvTranspose", net.Input("x", 1, 3, Height, Width), net.Weights("w", 3, 4, kernel, kernel))
            .With("auto_pad", mode).With("strides", [2, 2]);
        net.Output(conv.Output);

        Assert.Equal(1, net.Apply(new ResolveAutoPad()));
    }

    [Fact]
    public void A_transposed_conv_with_a_stated_output_stays()
    {
        var net = new TestNet();
        var conv = net.Node("ConvTranspose", net.Input("x", 1, 3, 8, 12), net.Weights("w", 3, 4, 3, 3))
            .With("auto_pad", "SAME_UPPER").With("strides", [2, 2]).With("output_shape", [16, 24]);
        net.Output(conv.Output);

        Assert.Equal(0, net.Apply(new ResolveAutoPad()));
    }
}
