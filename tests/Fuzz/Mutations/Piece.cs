using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using static MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types;

namespace MsSrConvert.Fuzz.Mutations;

/// <summary>A few nodes to be put between a value and its reader; the value's rank and size stay, or nearly.</summary>
internal sealed class Piece(ModelProto model, Random random)
{
    private int _names = random.Next(1_000_000);

    /// <summary>The nodes, in order.</summary>
    public List<NodeProto> Nodes { get; } = [];

    private long Opset => model.OpsetImport.FirstOrDefault(o => o.Domain == "")?.Version ?? 13;

    /// <summary>Adds nodes that read a value, and gives the name of what they compute.</summary>
    public string Add(string value)
    {
        Func<string, string>[] pieces =
        [
            x => Node("Identity", [x]),
            x => Node("Relu", [x]),
            x => Node("Dropout", [x]),
            x => Node("Cast", [x], Int("to", 1)),
            x => Node("Mul", [x, Floats(random.Next(2) == 0 ? 1 : 1.5f)]),
            x => Node("Add", [x, x]),
            x => Node("PRelu", [x, Tensor([0.25f], 1, 1, 1)]),
            x => Node("Transpose", [Node("Transpose", [x], Ints("perm", 0, 2, 3, 1))], Ints("perm", 0, 3, 1, 2)),
            x => Node("Transpose", [x], Ints("perm", 0, 1, 3, 2)),
            x => Node("Reshape", [x, Longs(0, 0, -1, 0)]),
            x => Node("Concat", [x], Int("axis", 1)),
            x => Node("Concat", [x, x], Int("axis", random.Next(2, 4))),
            x => Node("Slice", [x, Longs(0, 0, 0, 0), Longs(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue)]),
            x => Node("Slice", [x, Longs(random.Next(3)), Longs(-random.Next(1, 3)), Longs(random.Next(2, 4))]),
            x => Node("Slice", [x, Longs(-1), Longs(long.MinValue), Longs(random.Next(2, 4)), Longs(-1)]),
            x => Node("Pad", [x, Longs(0, 0, random.Next(3), 1, 0, 0, random.Next(3), 1)],
                Text("mode", Word("constant", "reflect", "edge"))),
            x => Enlarged(Node("MaxPool", [x], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)), 2),
            x => Node("AveragePool", [x], Ints("kernel_shape", 3, 3), Ints("pads", 1, 1, 1, 1)),
            x => Node("MaxPool", [Enlarged(x, 2)], Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)),
            x => Node("Mul", [x, Node("Sigmoid", [Node("GlobalAveragePool", [x])])]),
            x => Node("Softmax", [x], Int("axis", random.Next(1, 4))),
            x => Node("LRN", [x], Int("size", 3)),
            x => Node("Add", [x, Node("Cast", [Node("ReduceMax", [Node("Shape", [x])], Int("keepdims", 0))], Int("to", 1))]),
            x => Node("Mul", [x, Node("ReduceMean", [x], Int("keepdims", 1))]),
            x => Node("ReduceL2", [Node("Unsqueeze", [x, Longs(0)])], Int("keepdims", 0), Ints("axes", 0)),
            x => Node("DepthToSpace", [Node("SpaceToDepth", [x], Int("blocksize", 2))], Int("blocksize", 2)),
            x => Node("Where", [Node("Greater", [x, Floats(0)]), x, Floats(0)]),
            x => Node("Flatten", [x], Int("axis", random.Next(5))),
            x => Node("CumSum", [x, Scalar(random.Next(1, 4))]),
            x => Node("Gather", [x, Longs(0)], Int("axis", random.Next(4))),
            x => Node("Squeeze", [Node("Unsqueeze", [x, Longs(2)]), Longs(2)]),
            x => Node("Expand", [x, Node("Shape", [x])]),
            x => Node("Tile", [x, Longs(1, 1, 1, random.Next(1, 3))]),
            x => Node("Einsum", [x, x], Text("equation", "nchw,nchw->nchw")),
            x => Node("TopK", [x, Longs(1)], Int("axis", random.Next(4))),
            x => Node("Sum", [x, x, x]),
        ];
        return pieces[random.Next(pieces.Length)](value);
    }

    private string Enlarged(string x, float factor) => Opset < 11
        ? Node("Upsample", [x, Floats(1, 1, factor, factor)], Text("mode", "nearest"))
        : Node("Resize", [x, "", Floats(1, 1, factor, factor)], Text("mode", Word("nearest", "linear")));

    private string Node(string type, string[] inputs, params AttributeProto[] attributes)
    {
        var output = Name(type);
        Nodes.Add(new NodeProto
        {
            OpType = type,
            Name = output,
            Input = { inputs },
            Output = { output },
            Attribute = { attributes },
        });
        return output;
    }

    private string Word(params string[] words) => words[random.Next(words.Length)];

    private string Name(string type) => $"{type}_fuzz_{_names++}";

    private string Longs(params long[] values) => Keep(new TensorProto
    {
        Name = Name("longs"),
        DataType = (int)TensorProto.Types.DataType.Int64,
        Dims = { values.Length },
        Int64Data = { values },
    });

    private string Scalar(long value) => Keep(new TensorProto
    {
        Name = Name("scalar"),
        DataType = (int)TensorProto.Types.DataType.Int64,
        Int64Data = { value },
    });

    private string Floats(params float[] values) => Tensor(values, values.Length);

    private string Tensor(float[] values, params long[] dims) => Keep(new TensorProto
    {
        Name = Name("floats"),
        DataType = (int)TensorProto.Types.DataType.Float,
        Dims = { dims },
        FloatData = { values },
    });

    private string Keep(TensorProto tensor)
    {
        model.Graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeType.Int, I = value };

    private static AttributeProto Ints(string name, params long[] values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values } };

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
