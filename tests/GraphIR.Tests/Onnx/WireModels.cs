using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Operators;
using Xunit;
using AttributeType = MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace MsSrConvert.GraphIR.Tests.Onnx;

/// <summary>Small models made directly in the wire format.</summary>
internal static class WireModels
{
    /// <summary>A model of one Relu node, x to y.</summary>
    public static ModelProto Minimal()
    {
        var graph = new GraphProto { Name = "g" };
        graph.Node.Add(Node("Relu", ["x"], ["y"]));
        graph.Input.Add(Info("x", 1, 3, "height", "width"));
        graph.Output.Add(Info("y", 1, 3, "height", "width"));
        return new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = 13 } },
        };
    }

    /// <summary><see cref="Minimal()"/> with one change.</summary>
    public static ModelProto Minimal(Action<ModelProto> change)
    {
        var model = Minimal();
        change(model);
        return model;
    }

    public static NodeProto Node(string opType, string[] inputs, string[] outputs) =>
        new() { OpType = opType, Input = { inputs }, Output = { outputs } };

    /// <summary>The declaration of a float tensor; dimensions are numbers or names.</summary>
    public static ValueInfoProto Info(string name, params object[] dims) => new() { Name = name, Type = Float(dims) };

    /// <summary>The declaration of a truth value.</summary>
    public static ValueInfoProto Flag(string name)
    {
        var info = Info(name);
        info.Type.TensorType.ElemType = 9;
        return info;
    }

    public static TypeProto Float(params object[] dims)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(dims.Select(d => d is int number
            ? new TensorShapeProto.Types.Dimension { DimValue = number }
            : new TensorShapeProto.Types.Dimension { DimParam = (string)d }));
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } };
    }

    public static TensorProto Floats(string name, params float[] values) => new()
    {
        Name = name,
        DataType = 1,
        Dims = { values.Length },
        RawData = ByteString.CopyFrom(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())),
    };

    public static StringStringEntryProto Entry(string key, string value) => new() { Key = key, Value = value };

    public static AttributeProto GraphAttribute(string name, GraphProto graph) =>
        new() { Name = name, Type = AttributeType.Graph, G = graph };

    /// <summary>The message with a field added whose number no schema knows.</summary>
    public static T WithUnknownField<T>(T message, string text)
        where T : IMessage<T>, new()
    {
        const uint Tag = (1999 << 3) | 2;
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            message.WriteTo(output);
            output.WriteTag(Tag);
            output.WriteString(text);
        }

        return new MessageParser<T>(() => new T()).ParseFrom(stream.ToArray());
    }

    /// <summary>Reads the model into the IR.</summary>
    public static Model Read(ModelProto model, string? folder = null) => ModelFile.Read(model.ToByteArray(), folder, "test.onnx");

    /// <summary>Reads the model into the IR, writes it and parses the result.</summary>
    public static ModelProto RoundTrip(ModelProto model) => ModelProto.Parser.ParseFrom(OnnxFile.ToBytes(Read(model)));

    /// <summary>Fails unless models are equal and encoded alike; equality alone takes an empty field for an absent one.</summary>
    public static void AssertSame(ModelProto expected, ModelProto actual)
    {
        Assert.Equal(expected, actual);
        Assert.True(expected.ToByteString().Equals(actual.ToByteString()), "The messages are equal but not encoded alike.");
    }

    /// <summary>The model with value_info, whose order means nothing, sorted by name in every graph and function.</summary>
    public static ModelProto Canonical(ModelProto model)
    {
        var copy = model.Clone();
        if (copy.Graph is not null)
            Sort(copy.Graph);
        foreach (var function in copy.Functions)
        {
            Sort(function.ValueInfo);
            foreach (var node in function.Node)
                Sort(node);
        }

        return copy;
    }

    private static void Sort(GraphProto graph)
    {
        Sort(graph.ValueInfo);
        foreach (var node in graph.Node)
            Sort(node);
    }

    private static void Sort(NodeProto node)
    {
        foreach (var attribute in node.Attribute)
        {
            if (attribute.G is not null)
                Sort(attribute.G);
            foreach (var graph in attribute.Graphs)
                Sort(graph);
        }
    }

    private static void Sort(ICollection<ValueInfoProto> infos)
    {
        var sorted = infos.OrderBy(i => i.Name, StringComparer.Ordinal).ToArray();
        infos.Clear();
        foreach (var info in sorted)
            infos.Add(info);
    }
}
