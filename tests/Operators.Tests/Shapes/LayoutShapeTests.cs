using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Operators that rearrange, cut and join.</summary>
public sealed class LayoutShapeTests
{
    [Theory]
    [InlineData("[n,3,h,w]; [n,5,h,w]", "axis=1", "float[n, 8, h, w]")]
    [InlineData("[n,3,h,w]; [n,3,2*h,w]; [n,3,1,w]", "axis=-2", "float[n, 3, 3*h+1, w]")]
    [InlineData("[n,3,h,w]; [n,?,h,w]", "axis=1", "float[n, ?, h, w]", false)]
    [InlineData("[n,3,h,w]; ?", "axis=1", "float[n, ?, h, w]", false)]
    [InlineData("[n,3,?,w]; [n,3,h,w]", "axis=1", "float[n, 6, h, w]", false)]
    public void Concat_adds_along_the_axis(string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(13, "Concat", inputs, attributes, expected, runs);

    [Theory]
    [InlineData(13, "[n,8,h,w]", "axis=1", "float[n, 4, h, w]; float[n, 4, h, w]")]
    [InlineData(11, "[n,8,h,w]", "axis=1 split=2,6", "float[n, 2, h, w]; float[n, 6, h, w]")]
    [InlineData(13, "[n,8,h,w]; {1,3,4}", "axis=1", "float[n, 1, h, w]; float[n, 3, h, w]; float[n, 4, h, w]")]
    [InlineData(18, "[n,7,h,w]", "axis=1 num_outputs=3", "float[n, 3, h, w]; float[n, 3, h, w]; float[n, 1, h, w]")]
    [InlineData(13, "[n,4,2*h,w]", "axis=2", "float[n, 4, h, w]; float[n, 4, h, w]")]
    [InlineData(13, "[n,8,h,w]; int64[2]", "axis=1", "float[n, ?, h, w]; float[n, ?, h, w]", false)]
    public void Split_shares_out(long opset, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(opset, "Split", inputs, attributes, expected, runs);

    [Theory]
    [InlineData("{2,2}; {-2,-2}; {2,3}", "float[n, 8, h-4, w-4]")]
    [InlineData("{0}; {4}; {1}", "float[n, 4, h, w]")]
    [InlineData("{4}; {9223372036854775807}; {1}", "float[n, 4, h, w]")]
    [InlineData("{4}; {2147483647}; {1}", "float[n, 4, h, w]")]
    [InlineData("{1}; {100}; {1}", "float[n, 7, h, w]")]
    [InlineData("{-3}; {-1}; {1}", "float[n, 2, h, w]")]
    [InlineData("{-100}; {3}; {1}", "float[n, 3, h, w]")]
    [InlineData("{5}; {2}; {1}", "float[n, 0, h, w]")]
    [InlineData("{0,1}; {2147483647,2147483647}; {2,3}; {2,2}", "float[n, 8, floor((h+1)/2), floor((w)/2)]")]
    [InlineData("{1}; {8}; {1}; {3}", "float[n, 3, h, w]")]
    [InlineData("{-1}; {-9223372036854775807}; {1}; {-1}", "float[n, 8, h, w]")]
    [InlineData("{-1}; {-2147483647}; {3}; {-1}", "float[n, 8, h, w]")]
    [InlineData("{6}; {0}; {1}; {-2}", "float[n, 3, h, w]")]
    [InlineData("{100}; {2}; {1}; {-1}", "float[n, 5, h, w]")]
    [InlineData("{-3}; {2147483647}; {3}", "float[n, 8, h, 3]")]
    [InlineData("{0,0,0,0}; {1,8,2,2}", "float[1, 8, ?, ?]")]
    [InlineData("{0}; shape(h); {3}", "float[n, 8, h, ?]")]
    [InlineData("{1}; shape(h); {2}", "float[n, 8, h-1, w]")]
    [InlineData("int64[1]; int64[1]; {1}", "float[n, ?, h, w]", false)]
    [InlineData("int64[2]; int64[2]; int64[2]", "float[?, ?, ?, ?]", false)]
    public void Slice_counts_what_it_takes(string bounds, string expected, bool runs = true) =>
        OneNode.Check(13, "Slice", "[n,8,h,w]; " + bounds, "", expected, runs);

    [Theory]
    [InlineData("Slice", "[n,8,h,w]", "starts=2,2 ends=-2,-2 axes=2,3", "float[n, 8, h-4, w-4]")]
    [InlineData("Slice", "[n,8,h,w]", "starts=0,1 ends=1,3", "float[1, 2, h, w]")]
    [InlineData("Pad", "[n,3,h,w]", "pads=0,0,1,2,0,0,3,4", "float[n, 3, h+4, w+6]")]
    [InlineData("Squeeze", "[1,3,1,w]", "axes=[0]", "float[3, 1, w]")]
    [InlineData("Squeeze", "[1,3,1,4]", "", "float[3, 4]")]
    [InlineData("Unsqueeze", "[h,w]", "axes=0,3", "float[1, h, w, 1]")]
    [InlineData("Upsample", "[n,3,h,w]; float{1,1,2,3}", "", "float[n, 3, 2*h, 3*w]")]
    [InlineData("ReduceSum", "[n,3,h,w]", "axes=2,3", "float[n, 3, 1, 1]")]
    public void Old_opsets_have_it_in_attributes(string op, string inputs, string attributes, string expected) =>
        OneNode.Check(9, op, inputs, attributes, expected);

    [Theory]
    [InlineData(13, "[n,3,h,w]; {0,0,1,2,0,0,3,4}", "mode=edge", "float[n, 3, h+4, w+6]")]
    [InlineData(13, "[n,3,h,w]; {0,0,-1,-2,0,0,-1,-2}", "", "float[n, 3, h-2, w-4]")]
    [InlineData(18, "[n,3,h,w]; {1,2,3,4}; -; {2,-1}", "", "float[n, 3, h+4, w+6]")]
    [InlineData(18, "[n,3,h,w]; int64[4]; -; {2,3}", "", "float[n, 3, ?, ?]", false)]
    [InlineData(13, "[n,3,h,w]; int64[8]", "", "float[?, ?, ?, ?]", false)]
    public void Pad_adds_to_both_ends(long opset, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(opset, "Pad", inputs, attributes, expected, runs);

    [Theory]
    [InlineData("[n,64,h,w]; {0,0,-1}", "", "float[n, 64, h*w]")]
    [InlineData("[n,9,4,4]; {-1,1,3,3,4,4}", "", "float[n, 1, 3, 3, 4, 4]")]
    [InlineData("[n,64,h,w]; {0,-1,2,0}", "", "float[n, 32*h, 2, w]")]
    [InlineData("[2,3,4]; {-1}", "", "float[24]")]
    [InlineData("[n,3,h]; {-1,0,1}", "", "float[h*n, 3, 1]", false)]
    [InlineData("[n,64,h,w]; shape(n,8,8,h,w)", "", "float[n, 8, 8, h, w]")]
    [InlineData("[n,h*w,8]; shape(n,8,h,w)", "", "float[n, 8, h, w]")]
    [InlineData("[h,w]; {4,-1}", "", "float[4, floor((h*w)/4)]", false)]
    [InlineData("[0,3]; {0,3}", "allowzero=1", "float[0, 3]")]
    [InlineData("[n,3,h,w]; int64[3]", "", "float[?, ?, ?]", false)]
    [InlineData("?; {1,-1,8}", "", "float[1, ?, 8]", false)]
    public void Reshape_keeps_the_number_of_elements(string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(14, "Reshape", inputs, attributes, expected, runs);

    [Theory]
    [InlineData("Flatten", "[n,3,4,5]", "", "float[n, 60]")]
    [InlineData("Flatten", "[n,3,h,w]", "axis=2", "float[3*n, h*w]")]
    [InlineData("Flatten", "[n,3]", "axis=0", "float[1, 3*n]")]
    [InlineData("Flatten", "[n,3]", "axis=2", "float[3*n, 1]")]
    [InlineData("Transpose", "[n,h,w,3]", "perm=0,3,1,2", "float[n, 3, h, w]")]
    [InlineData("Transpose", "[n,h,w]", "", "float[w, h, n]")]
    [InlineData("Squeeze", "[1,3,1,w]; {0,-2}", "", "float[3, w]")]
    [InlineData("Unsqueeze", "[h,w]; {0,-1}", "", "float[1, h, w, 1]")]
    [InlineData("Unsqueeze", "[h,w]; int64[1]", "", "float[?, ?, ?]", false)]
    [InlineData("Expand", "[3,1]; {2,1,6}", "", "float[2, 3, 6]")]
    [InlineData("Expand", "[1,3,1,1]; shape(n,1,h,w)", "", "float[n, 3, h, w]")]
    [InlineData("Expand", "[3]; int64[4]", "", "float[?, ?, ?, ?]", false)]
    [InlineData("Tile", "[n,h]; {2,3}", "", "float[2*n, 3*h]")]
    [InlineData("Gather", "[n,8,h]; {0,2,5}", "axis=1", "float[n, 3, h]")]
    [InlineData("Gather", "[n,8,h]; 3", "axis=-2", "float[n, h]")]
    [InlineData("GatherElements", "[8,h]; int64[2,h]", "axis=0", "float[2, h]")]
    [InlineData("GatherND", "[4,h,w]; int64[n,1]", "", "float[n, h, w]")]
    [InlineData("GatherND", "[2,4,w]; int64[2,5,1]", "batch_dims=1", "float[2, 5, w]")]
    [InlineData("DepthToSpace", "[n,12,h,w]", "blocksize=2 mode=CRD", "float[n, 3, 2*h, 2*w]")]
    [InlineData("SpaceToDepth", "[n,3,4*h,4*w]", "blocksize=4", "float[n, 48, h, w]")]
    [InlineData("CenterCropPad", "[n,3,h,w]; {8,9}", "axes=2,3", "float[n, 3, 8, 9]")]
    [InlineData("TopK", "[n,8]; {3}", "", "float[n, 3]; int64[n, 3]")]
    public void The_rest_of_the_layout_operators(
        string op, string inputs, string attributes, string expected, bool runs = true) =>
        OneNode.Check(18, op, inputs, attributes, expected, runs);
}
