using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using static MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types;

namespace MsSrConvert.Fuzz.Mutations;

/// <summary>Changes after which a network most likely is one still: another, of the kind that people make.</summary>
internal static class NetworkMutation
{
    private static readonly string[][] Families =
    [
        ["Relu", "Sigmoid", "Tanh", "Abs", "Neg", "Exp", "Softplus", "Softsign", "LeakyRelu", "Elu", "Selu", "Identity", "Erf",
            "Floor", "Round", "Sin", "Sqrt", "Reciprocal", "Sign", "HardSigmoid", "HardSwish", "Softmax", "ThresholdedRelu"],
        ["Add", "Sub", "Mul", "Div", "Max", "Min", "Pow"],
        ["MaxPool", "AveragePool", "LpPool"],
        ["GlobalAveragePool", "GlobalMaxPool"],
        ["ReduceMean", "ReduceSum", "ReduceMax", "ReduceL2", "ReduceMin"],
        ["DepthToSpace", "SpaceToDepth"],
    ];

    private static readonly Dictionary<string, string[]> Words = new()
    {
        ["auto_pad"] = ["NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"],
        ["mode"] = ["nearest", "linear", "cubic", "constant", "reflect", "edge", "wrap", "DCR", "CRD"],
        ["coordinate_transformation_mode"] = ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"],
        ["nearest_mode"] = ["floor", "round_prefer_floor", "ceil", "round_prefer_ceil"],
    };

    private static readonly Action<ModelProto, Random>[] Changes =
    [
        ChangeAttribute, ChangeAttribute, ChangeAttribute, SwapOperator, SwapOperator, Insert, Insert, Insert, Insert, Insert,
        MarkOutput, OrderOutputs, OrderNodes, Rewire, ChangeInputShape, InitializerAsInput, ConstantNode, ChangeOpset,
        ChangeKernel, Drop,
    ];

    /// <summary>Changes the network once, and says how.</summary>
    public static string Apply(ModelProto model, Random random)
    {
        if (model.Graph is null || model.Graph.Node.Count == 0)
            return "left";
        var change = Changes[random.Next(Changes.Length)];
        change(model, random);
        return change.Method.Name;
    }

    private static void ChangeAttribute(ModelProto model, Random random)
    {
        var attributes = model.Graph.Node.SelectMany(n => n.Attribute)
            .Where(a => a.Type is AttributeType.Int or AttributeType.Ints or AttributeType.Float or AttributeType.String)
            .ToArray();
        if (attributes.Length == 0)
            return;
        var attribute = Pick(attributes, random);
        switch (attribute.Type)
        {
            case AttributeType.Int:
                attribute.I = random.Next(2) == 0 ? random.Next(-1, 5) : attribute.I + random.Next(-1, 2);
                break;
            case AttributeType.Float:
                attribute.F = (float)(random.NextDouble() * 2 - 0.5);
                break;
            case AttributeType.Ints when attribute.Ints.Count > 0:
                var value = Math.Max(0, attribute.Ints[0] + random.Next(-1, 3));
                for (var i = 0; i < attribute.Ints.Count; i++)
                    attribute.Ints[i] = random.Next(3) == 0 ? Math.Max(0, attribute.Ints[i] + random.Next(-1, 3)) : value;
                break;
            case AttributeType.String when Words.TryGetValue(attribute.Name, out var words):
                attribute.S = ByteString.CopyFromUtf8(Pick(words, random));
                break;
        }
    }

    private static void SwapOperator(ModelProto model, Random random)
    {
        var places = model.Graph.Node.SelectMany(n => Families.Where(f => f.Contains(n.OpType)).Select(f => (Node: n, Family: f)))
            .ToArray();
        if (places.Length == 0)
            return;
        var (node, family) = Pick(places, random);
        node.OpType = Pick(family, random);
        // What the new operator doesn't have would make it invalid.
        if (family == Families[0])
            node.Attribute.Clear();
    }

    private static void Insert(ModelProto model, Random random)
    {
        var at = random.Next(model.Graph.Node.Count);
        var node = model.Graph.Node[at];
        var initializers = model.Graph.Initializer.Select(t => t.Name).ToHashSet();
        var inputs = Enumerable.Range(0, node.Input.Count)
            .Where(i => node.Input[i] != "" && !initializers.Contains(node.Input[i])).ToArray();
        if (inputs.Length == 0)
            return;
        var input = Pick(inputs, random);
        var pieces = new Piece(model, random);
        node.Input[input] = pieces.Add(node.Input[input]);
        foreach (var added in pieces.Nodes)
            model.Graph.Node.Insert(at++, added);
    }

    private static void MarkOutput(ModelProto model, Random random)
    {
        var node = Pick(model.Graph.Node, random);
        if (node.Output.Count == 0 || node.Output[0] == "")
            return;
        model.Graph.Output.Insert(random.Next(model.Graph.Output.Count + 1), new ValueInfoProto { Name = node.Output[0] });
    }

    private static void OrderOutputs(ModelProto model, Random random)
    {
        var outputs = model.Graph.Output;
        if (outputs.Count == 0)
            return;
        if (random.Next(3) == 0)
            outputs.Add(Pick(outputs, random).Clone());
        var at = random.Next(outputs.Count);
        (outputs[0], outputs[at]) = (outputs[at], outputs[0]);
    }

    private static void OrderNodes(ModelProto model, Random random)
    {
        var nodes = model.Graph.Node;
        var (from, to) = (random.Next(nodes.Count), random.Next(nodes.Count));
        var moved = nodes[from];
        nodes.RemoveAt(from);
        nodes.Insert(to, moved);
    }

    private static void Rewire(ModelProto model, Random random)
    {
        var at = random.Next(model.Graph.Node.Count);
        var node = model.Graph.Node[at];
        var earlier = model.Graph.Node.Take(at).SelectMany(n => n.Output).Concat(model.Graph.Input.Select(v => v.Name)).ToArray();
        if (earlier.Length > 0 && node.Input.Count > 0)
            node.Input[random.Next(random.Next(2) == 0 ? 1 : node.Input.Count)] = Pick(earlier, random);
    }

    private static void ChangeInputShape(ModelProto model, Random random)
    {
        if (model.Graph.Input.Count == 0
            || Pick(model.Graph.Input, random).Type?.TensorType?.Shape is not { Dim.Count: > 0 } shape)
        {
            return;
        }

        var last = shape.Dim.Count - 1;
        switch (random.Next(4))
        {
            case 0:
                shape.Dim[last].DimValue = random.Next(8, 50);
                shape.Dim[Math.Max(0, last - 1)].DimValue = random.Next(8, 50);
                break;
            case 1:
                shape.Dim[last].DimParam = shape.Dim[Math.Max(0, last - 1)].DimParam = "side";
                break;
            case 2:
                shape.Dim[random.Next(last + 1)].ClearValue();
                break;
            default:
                shape.Dim[0].DimValue = random.Next(1, 3);
                break;
        }
    }

    private static void InitializerAsInput(ModelProto model, Random random)
    {
        if (model.Graph.Initializer.Count == 0)
            return;
        var tensor = Pick(model.Graph.Initializer, random);
        var type = new TypeProto.Types.Tensor { ElemType = tensor.DataType, Shape = new TensorShapeProto() };
        type.Shape.Dim.AddRange(tensor.Dims.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        model.Graph.Input.Add(new ValueInfoProto { Name = tensor.Name, Type = new TypeProto { TensorType = type } });
        if (random.Next(2) == 0)
            model.Graph.Initializer.Remove(tensor);
    }

    private static void ConstantNode(ModelProto model, Random random)
    {
        if (model.Graph.Initializer.Count == 0)
            return;
        var tensor = Pick(model.Graph.Initializer, random);
        model.Graph.Initializer.Remove(tensor);
        model.Graph.Node.Insert(0, new NodeProto
        {
            OpType = "Constant",
            Output = { tensor.Name },
            Attribute = { new AttributeProto { Name = "value", Type = AttributeType.Tensor, T = tensor } },
        });
    }

    private static void ChangeOpset(ModelProto model, Random random)
    {
        if (model.OpsetImport.FirstOrDefault(o => o.Domain == "") is { } import)
            import.Version = random.Next(9, 23);
    }

    // 3x3 becomes 1x1 or 5x5 and so on; pads keep the size.
    private static void ChangeKernel(ModelProto model, Random random)
    {
        var convs = model.Graph.Node.Where(n => n.OpType == "Conv" && n.Input.Count > 1).ToArray();
        if (convs.Length == 0)
            return;
        var conv = Pick(convs, random);
        if (model.Graph.Initializer.FirstOrDefault(t => t.Name == conv.Input[1]) is not { Dims.Count: 4 } kernel
            || kernel.DataType != (int)TensorProto.Types.DataType.Float || kernel.Dims.Any(d => d is < 1 or > 512))
        {
            return;
        }

        var side = Pick([1, 2, 3, 4, 5, 7], random);
        (kernel.Dims[2], kernel.Dims[3]) = (side, random.Next(4) == 0 ? 1 : side);
        kernel.ClearRawData();
        kernel.FloatData.Clear();
        var count = (int)kernel.Dims.Aggregate(1L, (product, dim) => product * dim);
        for (var i = 0; i < count; i++)
            kernel.FloatData.Add((float)(random.NextDouble() - 0.5) / MathF.Sqrt(count / kernel.Dims[0]));
        foreach (var attribute in conv.Attribute.Where(a => a.Name == "kernel_shape"))
            (attribute.Ints[0], attribute.Ints[^1]) = (kernel.Dims[2], kernel.Dims[3]);
        foreach (var attribute in conv.Attribute.Where(a => a.Name == "pads" && a.Ints.Count == 4))
        {
            for (var i = 0; i < 4; i++)
                attribute.Ints[i] = (kernel.Dims[2 + (i % 2)] - (i < 2 ? 1 : 0)) / 2;
        }
    }

    // Its readers read what it read.
    private static void Drop(ModelProto model, Random random)
    {
        var node = Pick(model.Graph.Node, random);
        if (node.Input.Count == 0 || node.Output.Count == 0)
            return;
        model.Graph.Node.Remove(node);
        foreach (var reader in model.Graph.Node)
        {
            for (var i = 0; i < reader.Input.Count; i++)
            {
                if (reader.Input[i] == node.Output[0])
                    reader.Input[i] = node.Input[0];
            }
        }
    }

    private static T Pick<T>(IReadOnlyList<T> list, Random random) => list[random.Next(list.Count)];

    private static T Pick<T>(Google.Protobuf.Collections.RepeatedField<T> list, Random random) => list[random.Next(list.Count)];
}
