using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Convolution and pooling.</summary>
public sealed class WindowShapeTests
{
    [Theory]
    [InlineData("[n,3,h,w]; w[8,3,3,3]", "pads=1,1,1,1", "float[n, 8, h, w]")]
    [InlineData("[n,3,h,w]; w[8,3,3,3]", "kernel_shape=3,3", "float[n, 8, h-2, w-2]")]
    [InlineData("[n,3,h,w]; w[8,3,3,3]", "pads=1,1,1,1 strides=2,2", "float[n, 8, floor((h+1)/2), floor((w+1)/2)]")]
    [InlineData("[n,3,8*h,8*w]; w[8,3,3,3]", "pads=1,1,1,1 strides=2,2", "float[n, 8, 4*h, 4*w]")]
    [InlineData("[n,3,8*h,8*w]; w[8,3,4,4]", "pads=1,1,1,1 strides=2,2", "float[n, 8, 4*h, 4*w]")]
    [InlineData("[n,3,h,w]; w[8,3,3,3]", "auto_pad=SAME_UPPER", "float[n, 8, h, w]")]
    [InlineData("[n,3,h,w]; w[8,3,4,4]", "auto_pad=SAME_LOWER strides=2,2", "float[n, 8, floor((h+1)/2), floor((w+1)/2)]")]
    [InlineData("[n,3,h,w]; w[8,3,5,3]", "auto_pad=VALID strides=2,1", "float[n, 8, floor((h+1)/2)-2, w-2]")]
    [InlineData("[n,3,h,w]; w[8,3,3,3]", "auto_pad=NOTSET dilations=2,3 pads=2,3,2,3", "float[n, 8, h, w]")]
    [InlineData("[n,4,h,w]; w[8,2,1,3]; w[8]", "group=2 pads=0,1,0,1", "float[n, 8, h, w]")]
    [InlineData("[n,4,h,w]; w[4,1,7,7]", "group=4 pads=3,3,3,3", "float[n, 4, h, w]")]
    [InlineData("[n,3,h]; w[8,3,3]", "pads=1,0", "float[n, 8, h-1]")]
    [InlineData("[1,3,5,h,w]; w[8,3,3,3,3]", "", "float[1, 8, 3, h-2, w-2]")]
    [InlineData("float16[n,3,h,w]; float16[8,3,1,1]", "", "float16[n, 8, h, w]")]
    [InlineData("[n,3,h,w]; [8,3,k,k]", "kernel_shape=3,3", "float[n, 8, h-2, w-2]", false)]
    [InlineData("[n,3,h,w]; [8,3,k,k]", "", "float[n, 8, ?, ?]", false)]
    [InlineData("?; w[8,3,3,3]", "pads=1,1,1,1", "float[?, 8, ?, ?]", false)]
    [InlineData("[n,3,h,w]; ?", "kernel_shape=3,3", "float[n, ?, h-2, w-2]", false)]
    [InlineData("?; ?", "", "float[...]", false)]
    public void Conv_slides_over_the_padded_size(string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(17, "Conv", inputs, attributes, expected, runs);

    [Theory]
    [InlineData("[n,8,h,w]; w[8,4,4,4]", "strides=2,2 pads=1,1,1,1", "float[n, 4, 2*h, 2*w]")]
    [InlineData("[n,8,h,w]; w[8,4,3,3]", "strides=2,2 pads=1,1,1,1 output_padding=1,1", "float[n, 4, 2*h, 2*w]")]
    [InlineData("[n,8,h,w]; w[8,4,9,9]", "strides=3,3 pads=4,4,4,4 output_padding=2,2", "float[n, 4, 3*h, 3*w]")]
    [InlineData("[n,8,h,w]; w[8,4,2,2]", "strides=2,2", "float[n, 4, 2*h, 2*w]")]
    [InlineData("[n,8,h,w]; w[8,4,3,3]", "", "float[n, 4, h+2, w+2]")]
    [InlineData("[n,8,h,w]; w[8,4,3,3]", "dilations=2,2", "float[n, 4, h+4, w+4]")]
    [InlineData("[n,8,h,w]; w[8,2,4,4]", "group=4 strides=2,2 pads=1,1,1,1", "float[n, 8, 2*h, 2*w]")]
    [InlineData("[n,8,h,w]; w[8,4,3,3]", "auto_pad=SAME_UPPER strides=2,2", "float[n, 4, 2*h, 2*w]")]
    [InlineData("[n,8,h,w]; w[8,4,4,4]", "auto_pad=VALID strides=2,2", "float[n, 4, 2*h+2, 2*w+2]")]
    [InlineData("[n,8,5,6]; w[8,4,3,3]", "output_shape=10,12 strides=2,2", "float[n, 4, 10, 12]")]
    [InlineData("[n,8,h,w]; ?", "kernel_shape=2,2 strides=2,2", "float[n, ?, 2*h, 2*w]", false)]
    public void ConvTranspose_spreads(string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(17, "ConvTranspose", inputs, attributes, expected, runs);

    [Theory]
    [InlineData("ConvInteger", "uint8[n,3,h,w]; uint8[8,3,3,3]", "", "int32[n, 8, h-2, w-2]")]
    [InlineData("QLinearConv", "uint8[n,3,h,w]; float[]; uint8[]; uint8[8,3,3,3]; float[]; uint8[]; float[]; uint8[]", "",
        "uint8[n, 8, h-2, w-2]")]
    public void Integer_convolutions_have_element_types_of_their_own(
        string op, string inputs, string attributes, string expected) =>
        OneNode.Check(17, op, inputs, attributes, expected, runs: false);

    [Theory]
    [InlineData("AveragePool", "[n,8,8*h,8*w]", "kernel_shape=2,2 strides=2,2", "float[n, 8, 4*h, 4*w]")]
    [InlineData("AveragePool", "[n,8,h,w]", "kernel_shape=2,2 strides=2,2", "float[n, 8, floor((h)/2), floor((w)/2)]")]
    [InlineData("AveragePool", "[n,8,h,w]", "kernel_shape=2,2 strides=2,2 ceil_mode=1",
        "float[n, 8, floor((h+1)/2), floor((w+1)/2)]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 strides=2,2 pads=1,1,1,1",
        "float[n, 8, floor((h+1)/2), floor((w+1)/2)]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 strides=2,2 pads=1,1,1,1 ceil_mode=1",
        "float[n, 8, floor((h)/2)+1, floor((w)/2)+1]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=7,7 strides=3,3", "float[n, 8, floor((h+2)/3)-2, floor((w+2)/3)-2]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 auto_pad=SAME_UPPER", "float[n, 8, h, w]; int64[n, 8, h, w]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 dilations=2,2 strides=2,2 ceil_mode=1",
        "float[n, 8, floor((h)/2)-1, floor((w)/2)-1]")]
    [InlineData("MaxPool", "[n,8,7,6]", "kernel_shape=1,1 strides=2,2 ceil_mode=1", "float[n, 8, 4, 3]")]
    [InlineData("AveragePool", "[n,8,h,w]", "kernel_shape=3,3 strides=2,2 auto_pad=VALID ceil_mode=0",
        "float[n, 8, floor((h+1)/2)-1, floor((w+1)/2)-1]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 strides=2,2 auto_pad=VALID ceil_mode=1",
        "float[n, 8, floor((h)/2), floor((w)/2)]")]
    [InlineData("MaxPool", "[n,8,h,w]", "kernel_shape=3,3 dilations=2,2 auto_pad=SAME_UPPER", "float[n, 8, ?, ?]")]
    [InlineData("AveragePool", "[n,8,h,w]", "kernel_shape=5,5 strides=1,1 pads=2,2,2,2", "float[n, 8, h, w]")]
    [InlineData("LpPool", "[n,8,h,w]", "kernel_shape=2,2 strides=2,2", "float[n, 8, floor((h)/2), floor((w)/2)]")]
    [InlineData("GlobalAveragePool", "[n,8,h,w]", "", "float[n, 8, 1, 1]")]
    [InlineData("GlobalMaxPool", "[n,8,h,w]", "", "float[n, 8, 1, 1]")]
    [InlineData("MaxPool", "?", "kernel_shape=2,2", "float[?, ?, ?, ?]; int64[?, ?, ?, ?]", false)]
    [InlineData("MaxUnpool", "[n,8,h,w]; int64[n,8,h,w]", "kernel_shape=2,2 strides=2,2", "float[n, 8, 2*h, 2*w]")]
    public void Pooling_counts_the_windows(string op, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(17, op, inputs, attributes, expected, runs);
}
