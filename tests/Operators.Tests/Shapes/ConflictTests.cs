using MsSrConvert.GraphIR.Shapes;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>Sizes that don't meet, and nodes that make no sense.</summary>
public sealed class ConflictTests
{
    [Theory]
    [InlineData("Add", "[3,h]; [5,h]", "", ConflictKind.Provable, "sizes along axis 0: 3 and 5 differ", "float[?, h]")]
    [InlineData("Add", "[n,h]; [n,h-2]", "", ConflictKind.Provable, "sizes along axis 1: h and h-2 differ", "float[n, ?]")]
    [InlineData("Add", "[n,h]; [n,2*h]", "", ConflictKind.Provable, "sizes along axis 1: h and 2*h differ", "float[n, ?]")]
    [InlineData("Add", "[n,h]; [n,w]", "", ConflictKind.Possible, "sizes along axis 1: h and w may differ", "float[n, ?]")]
    [InlineData("Add", "[n,h]; [n,48]", "", ConflictKind.Possible, "sizes along axis 1: h and 48 may differ", "float[n, 48]")]
    [InlineData("Add", "[n,h]; [n,2*floor((h)/2)]", "",
        ConflictKind.Possible, "sizes along axis 1: h and 2*floor((h)/2) may differ", "float[n, ?]")]
    [InlineData("Concat", "[n,3,h]; [n,3,h+1]", "axis=1",
        ConflictKind.Provable, "sizes along axis 2: h and h+1 differ", "float[n, 6, ?]")]
    [InlineData("Conv", "[n,3,h,w]; w[8,4,1,1]", "",
        ConflictKind.Provable, "input channels of the data and of the weights: 3 and 4 differ", "float[n, 8, h, w]")]
    [InlineData("Conv", "[n,3,4,w]; w[8,3,7,1]", "pads=1,0,1,0",
        ConflictKind.Provable, "a window of 7 doesn't fit into 4 along axis 2 with 2 of padding", "float[n, 8, ?, w]")]
    [InlineData("Pad", "[n,3]; {0,-2,0,-2}", "", ConflictKind.Provable, "the size along axis 1 would be -1", "float[n, ?]")]
    [InlineData("MatMul", "[h,8]; [9,w]", "", ConflictKind.Provable, "inner sizes of the product: 8 and 9 differ", "float[h, w]")]
    [InlineData("Reshape", "[2,3]; {4,-1}", "", ConflictKind.Provable, "[2, 3] can't be divided into [4, ?]", "float[4, ?]")]
    [InlineData("Reshape", "[2,3]; {7}", "", ConflictKind.Provable, "numbers of elements: 6 and 7 differ", "float[7]")]
    [InlineData("DepthToSpace", "[n,6,h,w]", "blocksize=2",
        ConflictKind.Provable, "6 isn't a multiple of 4", "float[n, ?, 2*h, 2*w]")]
    [InlineData("Split", "[n,8]; {3,4}", "axis=1",
        ConflictKind.Provable, "the parts' sum and the size: 7 and 8 differ", "float[n, 3]; float[n, 4]")]
    [InlineData("Conv", "[n,3,h,w]; w[8,3,3,3]", "pads=1,1",
        ConflictKind.Malformed, "attribute 'pads' doesn't have 4 entries", "?")]
    [InlineData("Conv", "[n,3,h,w]; w[8,3,3,3]", "strides=0,1",
        ConflictKind.Malformed, "attribute 'strides' needs 2 positive entries", "?")]
    [InlineData("Conv", "[n,3,h,w]; w[8,3,3,3]", "group=two", ConflictKind.Malformed, "attribute 'group' isn't an integer", "?")]
    [InlineData("Conv", "[n,3,h,w]; w[8,3,3,3]", "auto_pad=SAME", ConflictKind.Malformed, "auto_pad 'SAME' doesn't exist", "?")]
    [InlineData("MaxPool", "[n,3,h,w]", "", ConflictKind.Malformed, "attribute 'kernel_shape' is missing", "?")]
    [InlineData("Transpose", "[n,h]", "perm=0,2", ConflictKind.Malformed, "axis 2 lies outside a tensor of 2 dimensions", "?")]
    [InlineData("Transpose", "[n,h]", "perm=0,0", ConflictKind.Malformed, "axes [0, 0] name one twice", "?")]
    [InlineData("Concat", "[n,h]; [n,h,w]", "axis=0", ConflictKind.Malformed, "its inputs have 2 and 3 dimensions", "?")]
    [InlineData("Reshape", "[2,3]; {-1,-1}", "", ConflictKind.Malformed, "its target leaves two sizes open", "?")]
    [InlineData("Squeeze", "[2,3]; {0}", "", ConflictKind.Malformed, "it drops an axis of [2, 3] that isn't 1", "?")]
    [InlineData("Slice", "[n,h]; {0}; {1}; {0}; {0}", "", ConflictKind.Malformed, "a step is 0", "?")]
    public void What_does_not_fit_is_listed_with_the_reason(
        string op, string inputs, string attributes, ConflictKind kind, string message, string types)
    {
        var test = new OneNode(17, op, inputs, attributes, types.Split(';').Length);

        var map = ShapeInference.Infer(test.Model);

        Assert.Equal([new ShapeConflict(test.Node, kind, message)], map.Conflicts);
        Assert.Equal(types, string.Join("; ", test.Node.Outputs.Select(o => map.TypeOf(o!)?.ToString() ?? "?")));
    }

    [Theory]
    [InlineData("Add", "[n,h]; [n,1]")]
    [InlineData("Add", "[n,h]; [n,?]")]
    [InlineData("Add", "[n,2*floor((h)/2)]; [n,2*floor((h)/2)]")]
    [InlineData("Relu", "?")]
    public void What_fits_or_is_unknown_is_no_conflict(string op, string inputs) =>
        Assert.Empty(ShapeInference.Infer(new OneNode(17, op, inputs, "", 1).Model).Conflicts);

    [Fact]
    public void Every_operator_explains_odd_shapes_and_attributes_or_takes_them()
    {
        var random = new Random(7);
        string[] shapes =
        [
            "[n,3,h,w]", "[2,3]", "[]", "[0]", "?", "-", "{}", "{-1}", "{0,1,2,9223372036854775807}", "{-9223372036854775807,5}",
            "3", "int64[4]", "int64[?]", "[?,?]", "float{0,-1.5,2,3}", "shape(n,h)", "bool[1]", "w[8,3,3,3]", "[1,1,1,1,1,1]",
            "{5000000000}",
        ];
        string[] names =
        [
            "axis", "axes", "pads", "strides", "dilations", "kernel_shape", "group", "auto_pad", "ceil_mode", "blocksize",
            "perm", "keepdims", "to", "split", "num_outputs", "starts", "ends", "scales", "mode", "start", "end", "output_shape",
            "output_padding", "batch_dims", "equation", "shape", "value", "pooled_shape", "hidden_size", "k", "allowzero",
            "dtype", "fmod",
        ];
        string[] values =
        [
            "0", "1", "-1", "2", "-9223372036854775807", "5000000000", "0,0", "1,1", "-1,-1,-1,-1", "2,2,2,2", "[]", "[3]",
            "0.5", "SAME_UPPER", "ij,jk->ik", "1.0,2.0", "1,1,1,1,1,1,1,1",
        ];

        foreach (var op in OperatorTable.All.Where(o => o.Shape is not null).Select(o => o.Name).Order(StringComparer.Ordinal))
        {
            for (var i = 0; i < 150; i++)
            {
                var inputs = string.Join(";", Enumerable.Range(0, random.Next(0, 6)).Select(_ => random.GetItems(shapes, 1)[0]));
                var attributes = random.GetItems(names, random.Next(0, 5)).Select(n => $"{n}={random.GetItems(values, 1)[0]}");
                var test = new OneNode(random.Next(7, 23), op, inputs, string.Join(" ", attributes), random.Next(0, 4));
                var conflicts = ShapeInference.Infer(test.Model).Conflicts;
                Assert.DoesNotContain(conflicts, c => c.Message.Contains("don't fit together", StringComparison.Ordinal));
            }
        }
    }
}
