using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;
using Xunit;

namespace MsSrConvert.Passes.Tests.Sizes;

public class ConvGeometryTests
{
    [Theory]
    [InlineData(1, 1, 0, 1, 0, null), InlineData(3, 1, 1, 1, 0, null), InlineData(5, 1, 2, 1, 0, null),
        InlineData(9, 1, 4, 1, 0, null)]
    [InlineData(3, 1, 2, 2, 0, null), InlineData(5, 1, 10, 5, 0, null), InlineData(3, 2, 1, 1, 0, null),
        InlineData(4, 2, 1, 1, 0, null)]
    [InlineData(1, 2, 0, 1, 0, null), InlineData(2, 2, 0, 1, 0, null), InlineData(7, 2, 3, 1, 0, null),
        InlineData(3, 3, 1, 1, 0, null)]
    [InlineData(3, 2, 0, 1, 1, null), InlineData(4, 4, 0, 1, 0, null)]
    [InlineData(3, 1, 0, 1, 0,
        "it shrinks the height by 2 beside its stride (kernel 3, pads 0+0), which does not scale with the branch")]
    [InlineData(3, 1, 2, 1, 0,
        "it grows the height by 2 beside its stride (kernel 3, pads 2+2), which does not scale with the branch")]
    [InlineData(3, 1, 1, 2, 0,
        "it shrinks the height by 2 beside its stride (kernel 3, pads 1+1), which does not scale with the branch")]
    [InlineData(3, 2, 0, 1, 0,
        "it shrinks the height by 1 beside its stride (kernel 3, pads 0+0), which does not scale with the branch")]
    [InlineData(7, 3, 0, 1, 0,
        "it shrinks the height by 2 beside its stride (kernel 7, pads 0+0), which does not scale with the branch")]
    [InlineData(2, 1, 1, 1, 0,
        "it grows the height by 1 beside its stride (kernel 2, pads 1+1), which does not scale with the branch")]
    public void Windows_keep_the_ratio_when_size_over_stride_is_exact(int kernel, int stride, int pad, int dilation, int ceil,
        string? reason) =>
        Assert.Equal(reason,
            ConvGeometry.WhyNotScalable(Window("MaxPool", stride, pad, dilation).With("ceil_mode", ceil), [kernel, kernel]));

    [Theory]
    [InlineData(2, 2, 0, 0, null), InlineData(4, 2, 1, 0, null), InlineData(3, 2, 1, 1, null), InlineData(9, 3, 4, 2, null)]
    [InlineData(9, 2, 4, 1, null), InlineData(3, 1, 1, 0, null), InlineData(8, 4, 2, 0, null)]
    [InlineData(3, 2, 1, 0,
        "it shrinks the height by 1 beside its stride (kernel 3, pads 1+1), which does not scale with the branch")]
    [InlineData(4, 2, 0, 0,
        "it grows the height by 2 beside its stride (kernel 4, pads 0+0), which does not scale with the branch")]
    public void Transposed_convs_keep_the_ratio_when_size_times_stride_is_exact(int kernel, int stride, int pad,
        int outputPadding, string? reason) =>
        Assert.Equal(reason, ConvGeometry.WhyNotScalable(
            Window("ConvTranspose", stride, pad, 1).With("output_padding", [outputPadding, outputPadding]), [kernel, kernel]));

    [Fact]
    public void Height_and_width_are_looked_at_by_themselves()
    {
        var conv = new Node("Conv", [], []).With("pads", [1, 0, 1, 0]);
        Assert.Null(ConvGeometry.WhyNotScalable(conv, [3, 1]));
        Assert.Equal(
            "it shrinks the width by 2 beside its stride (kernel 3, pads 0+0), which does not scale with the branch",
            ConvGeometry.WhyNotScalable(conv, [3, 3]));
    }

    [Fact]
    public void Pads_may_differ_at_the_two_ends() =>
        Assert.Null(
            ConvGeometry.WhyNotScalable(new Node("Conv", [], []).With("pads", [0, 1, 1, 0]).With("strides", [2, 2]), [3, 3]));

    [Fact]
    public void Attributes_have_their_defaults()
    {
        Assert.Null(ConvGeometry.WhyNotScalable(new Node("Conv", [], []), [1, 1]));
        Assert.NotNull(ConvGeometry.WhyNotScalable(new Node("Conv", [], []), [3, 3]));
    }

    [Fact]
    public void A_margin_in_front_counts_as_pads() =>
        Assert.Null(ConvGeometry.WhyNotScalable(new Node("Conv", [], []), [3, 3], margin: [1, 1, 1, 1]));

    [Fact]
    public void Padding_that_depends_on_the_size_is_refused() => Assert.Equal(
        "its auto_pad=SAME_UPPER depends on the size",
        ConvGeometry.WhyNotScalable(new Node("Conv", [], []).With("auto_pad", "SAME_UPPER"), [3, 3]));

    [Fact]
    public void Valid_padding_is_none() =>
        Assert.Null(ConvGeometry.WhyNotScalable(new Node("Conv", [], []).With("auto_pad", "VALID"), [1, 1]));

    [Fact]
    public void A_fixed_output_shape_is_refused() => Assert.Equal(
        "its output_shape is fixed",
        ConvGeometry.WhyNotScalable(Window("ConvTranspose", 2, 0, 1).With("output_shape", [16, 16]), [2, 2]));

    private static Node Window(string op, int stride, int pad, int dilation) => new Node(op, [], [])
        .With("strides", [stride, stride]).With("pads", [pad, pad, pad, pad]).With("dilations", [dilation, dilation]);
}
