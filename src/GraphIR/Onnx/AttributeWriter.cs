using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using Kind = MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Writes attributes, and with them the graphs they hold.</summary>
internal sealed class AttributeWriter(TensorWriter tensors, Func<Graph, GraphProto> writeGraph)
{
    /// <summary>The wire form of an attribute.</summary>
    public AttributeProto Write(string name, AttributeValue value)
    {
        if (value is OtherAttribute other)
        {
            var kept = AttributeProto.Parser.ParseFrom(other.Wire.Span);
            kept.Name = name;
            return kept;
        }

        var wire = Leftover.Start(AttributeProto.Parser, value.Preserved);
        wire.Name = name;
        if (value.DocString.Length > 0)
            wire.DocString = value.DocString;
        wire.Type = Put(value, wire);
        if (wire.Type == Kind.Undefined)
            wire.ClearType();
        return wire;
    }

    private Kind Put(AttributeValue value, AttributeProto wire)
    {
        switch (value)
        {
            case FloatAttribute a:
                wire.F = a.Value;
                return Kind.Float;
            case IntAttribute a:
                wire.I = a.Value;
                return Kind.Int;
            case StringAttribute a:
                wire.S = UnsafeByteOperations.UnsafeWrap(a.Bytes);
                return Kind.String;
            case TensorAttribute a:
                wire.T = tensors.Write(a.Value, "");
                return Kind.Tensor;
            case GraphAttribute a:
                wire.G = writeGraph(a.Value);
                return Kind.Graph;
            case ReferenceAttribute a:
                wire.RefAttrName = a.AttributeName;
                return (Kind)a.Kind;
            default:
                return PutList(value, wire);
        }
    }

    private Kind PutList(AttributeValue value, AttributeProto wire)
    {
        switch (value)
        {
            case FloatsAttribute a:
                wire.Floats.AddRange(a.Values);
                return Kind.Floats;
            case IntsAttribute a:
                wire.Ints.AddRange(a.Values);
                return Kind.Ints;
            case StringsAttribute a:
                wire.Strings.AddRange(a.Values.Select(s => UnsafeByteOperations.UnsafeWrap(s)));
                return Kind.Strings;
            case TensorsAttribute a:
                wire.Tensors.AddRange(a.Values.Select(t => tensors.Write(t, "")));
                return Kind.Tensors;
            default:
                wire.Graphs.AddRange(((GraphsAttribute)value).Values.Select(writeGraph));
                return Kind.Graphs;
        }
    }
}
