using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Resize, sampling, reductions and operators that make tensors.</summary>
public sealed class ResamplingShapeTests
{
    [Theory]
    [InlineData(10, "[n,3,h,w]; float{1,1,2,2}", "", "float[n, 3, 2*h, 2*w]")]
    [InlineData(11, "[n,3,h,w]; float{}; float{1,1,2,3}", "", "float[n, 3, 2*h, 3*w]")]
    [InlineData(13, "[n,3,h,w]; -; float{1,1,2,2}", "mode=linear", "float[n, 3, 2*h, 2*w]")]
    [InlineData(13, "[n,3,h,w]; -; float{1,1,0.5,0.25}", "", "float[n, 3, floor((h)/2), floor((w)/4)]")]
    [InlineData(13, "[n,3,4*h,4*w]; -; float{1,1,0.5,0.25}", "", "float[n, 3, 2*h, w]")]
    [InlineData(13, "[n,3,h,w]; -; float{1,1,1.5,0.333333343}", "", "float[n, 3, floor((h)/2)+h, floor((w)/3)]")]
    [InlineData(13, "[n,3,10,7]; -; float{1,1,2.3,1.7}", "", "float[n, 3, 23, 11]")]
    [InlineData(13, "[n,3,h,w]; -; -; shape(n,3,3*h,w)", "mode=cubic", "float[n, 3, 3*h, w]")]
    [InlineData(13, "[n,3,h,w]; -; float{}; {1,3,20,21}", "", "float[1, 3, 20, 21]", false)]
    [InlineData(18, "[n,3,h,w]; -; float{2,2}", "axes=2,3", "float[n, 3, 2*h, 2*w]")]
    [InlineData(18, "[n,3,h,w]; -; -; {20,21}", "axes=2,3", "float[n, 3, 20, 21]")]
    [InlineData(18, "[n,3,10,20]; -; -; {5,5}", "axes=2,3 keep_aspect_ratio_policy=not_larger", "float[n, 3, 3, 5]")]
    [InlineData(18, "[n,3,10,20]; -; -; {7,7}", "axes=2,3 keep_aspect_ratio_policy=not_smaller", "float[n, 3, 7, 14]")]
    [InlineData(18, "[n,3,h,w]; -; -; shape(2*h,2*w)", "axes=2,3 keep_aspect_ratio_policy=not_larger", "float[n, 3, 2*h, 2*w]")]
    [InlineData(13, "[n,3,h,w]; -; [4]", "", "float[?, ?, ?, ?]", false)]
    [InlineData(18, "[n,3,h,w]; -; [2]", "axes=2,3", "float[n, 3, ?, ?]", false)]
    public void Resize_rounds_down(long opset, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(opset, "Resize", inputs, attributes, expected, runs);

    [Theory]
    [InlineData(7, "[n,3,h,w]", "scales=1.0,1.0,2.0,2.0", "float[n, 3, 2*h, 2*w]")]
    [InlineData(9, "[n,3,h,w]; float{1,1,1.5,4}", "", "float[n, 3, floor((h)/2)+h, 4*w]")]
    public void Upsample_is_the_older_Resize(long opset, string inputs, string attributes, string expected) =>
        OneNode.Check(opset, "Upsample", inputs, attributes, expected);

    [Theory]
    [InlineData("ReduceMean", 13, "[n,3,h,w]", "axes=2,3", "float[n, 3, 1, 1]")]
    [InlineData("ReduceMean", 13, "[n,3,h,w]", "axes=-1,-2 keepdims=0", "float[n, 3]")]
    [InlineData("ReduceMean", 13, "[n,3,h,w]", "", "float[1, 1, 1, 1]")]
    [InlineData("ReduceMax", 13, "[n,3,h,w]", "keepdims=0", "float[]")]
    [InlineData("ReduceSum", 13, "[n,3,h,w]; {2,3}", "", "float[n, 3, 1, 1]")]
    [InlineData("ReduceMean", 18, "[n,3,h,w]; {1}", "keepdims=0", "float[n, h, w]")]
    [InlineData("ReduceL2", 18, "[n,3,h,w]", "noop_with_empty_axes=1", "float[n, 3, h, w]")]
    [InlineData("ReduceSum", 13, "[n,3,h,w]; int64[2]", "", "float[?, ?, ?, ?]", false)]
    [InlineData("ReduceSum", 13, "[n,3,h,w]; int64[2]", "keepdims=0", "float[?, ?]", false)]
    [InlineData("ArgMax", 13, "[n,3,h,w]", "axis=1", "int64[n, 1, h, w]")]
    [InlineData("ArgMin", 13, "[n,3,h,w]", "axis=-1 keepdims=0", "int64[n, 3, h]")]
    public void Reductions_drop_axes_or_keep_them_as_one(
        string op, long opset, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(opset, op, inputs, attributes, expected, runs);

    [Theory]
    [InlineData("GridSample", "[n,3,8,9]; [n,h,w,2]", "", "float[n, 3, h, w]")]
    [InlineData("RoiAlign", "[n,3,h,w]; [5,4]; int64[5]", "output_height=7 output_width=6", "float[5, 3, 7, 6]")]
    [InlineData("MaxRoiPool", "[n,3,h,w]; [5,5]", "pooled_shape=2,3", "float[5, 3, 2, 3]", false)]
    [InlineData("AffineGrid", "[n,2,3]; shape(n,3,h,w)", "", "float[n, h, w, 2]")]
    [InlineData("Col2Im", "[n,12,h]; {6,8}; {2,2}", "", "float[n, 3, 6, 8]", false)]
    [InlineData("ConstantOfShape", "shape(n,h)", "", "float[n, h]")]
    [InlineData("ConstantOfShape", "int64[3]", "", "float[?, ?, ?]", false)]
    [InlineData("Shape", "[n,3,h]", "", "int64[3]")]
    [InlineData("Shape", "[n,3,h]", "start=-2 end=10", "int64[2]")]
    [InlineData("Size", "[n,3,h]", "", "int64[]")]
    [InlineData("Range", "1; 10; 4", "", "int64[3]")]
    [InlineData("Range", "5; 1; 4", "", "int64[0]")]
    [InlineData("RandomNormal", "", "shape=2,3", "float[2, 3]")]
    [InlineData("RandomUniformLike", "[n,h]", "dtype=11", "double[n, h]")]
    [InlineData("EyeLike", "[h,w]", "", "float[h, w]")]
    [InlineData("OneHot", "int64[n,h]; 7; [2]", "axis=1", "float[n, 7, h]")]
    [InlineData("NonZero", "[n,h]", "", "int64[2, ?]")]
    [InlineData("Compress", "[n,h]; bool[2]", "axis=0", "float[?, h]")]
    [InlineData("Unique", "[n,h]", "", "float[?]; int64[?]")]
    [InlineData("NonMaxSuppression", "[1,6,4]; [1,2,6]", "", "int64[?, 3]")]
    [InlineData("Multinomial", "[n,8]", "sample_size=5", "int32[n, 5]")]
    [InlineData("LSTM", "[h,n,8]; w[1,64,8]; w[1,64,16]", "hidden_size=16",
        "float[h, 1, n, 16]; float[1, n, 16]; float[1, n, 16]")]
    [InlineData("GRU", "[h,n,8]; w[2,48,8]; w[2,48,16]", "hidden_size=16 direction=bidirectional",
        "float[h, 2, n, 16]; float[2, n, 16]")]
    public void Sampling_and_operators_that_make_tensors(
        string op, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(op == "AffineGrid" ? 20 : 17, op, inputs, attributes, expected, runs);
}
