using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;
using Kind = MsSrConvert.GraphIR.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Reads attributes, and with them the graphs they hold.</summary>
/// <param name="tensors">Reads tensors.</param>
/// <param name="readGraph">Reads a nested graph.</param>
internal sealed class AttributeReader(TensorReader tensors, Func<GraphProto, Graph> readGraph)
{
    /// <summary>Reads an attribute and takes it out of <paramref name="wire"/>; the rest becomes preserved bytes.</summary>
    /// <exception cref="MsSrException">A tensor or a nested graph is broken.</exception>
    public AttributeValue Read(AttributeProto wire, string where)
    {
        var kind = wire.HasType ? wire.Type : GuessKind(wire);
        if (wire.RefAttrName.Length == 0 && kind is Kind.Undefined or > Kind.Graphs)
            return new OtherAttribute(kind.ToString(), wire.ToByteArray());
        var content = wire.RefAttrName.Length > 0 ? new ReferenceAttribute(wire.RefAttrName, (int)kind) : Take(wire, kind, where);
        var docString = wire.DocString;
        if (docString.Length > 0)
            wire.ClearDocString();
        wire.ClearName();
        wire.ClearType();
        wire.ClearRefAttrName();
        return content with { DocString = docString, Preserved = Leftover.Keep(wire) };
    }

    private AttributeValue Take(AttributeProto wire, Kind kind, string where)
    {
        AttributeValue value;
        switch (kind)
        {
            case Kind.Float:
                value = new FloatAttribute(wire.F);
                wire.ClearF();
                return value;
            case Kind.Int:
                value = new IntAttribute(wire.I);
                wire.ClearI();
                return value;
            case Kind.String:
                value = new StringAttribute(wire.S.Memory);
                wire.ClearS();
                return value;
            case Kind.Tensor:
                value = new TensorAttribute(tensors.Read(wire.T ?? new TensorProto(), where));
                wire.T = null;
                return value;
            case Kind.Graph:
                value = new GraphAttribute(readGraph(wire.G ?? new GraphProto()));
                wire.G = null;
                return value;
            default:
                return TakeList(wire, kind, where);
        }
    }

    private AttributeValue TakeList(AttributeProto wire, Kind kind, string where)
    {
        AttributeValue value;
        switch (kind)
        {
            case Kind.Floats:
                value = new FloatsAttribute([.. wire.Floats]);
                wire.Floats.Clear();
                return value;
            case Kind.Ints:
                value = new IntsAttribute([.. wire.Ints]);
                wire.Ints.Clear();
                return value;
            case Kind.Strings:
                value = new StringsAttribute([.. wire.Strings.Select(s => s.Memory)]);
                wire.Strings.Clear();
                return value;
            case Kind.Tensors:
                value = new TensorsAttribute([.. wire.Tensors.Select(t => tensors.Read(t, where))]);
                wire.Tensors.Clear();
                return value;
            default:
                value = new GraphsAttribute([.. wire.Graphs.Select(readGraph)]);
                wire.Graphs.Clear();
                return value;
        }
    }

    // Files of IR version 1 don't state the kind.
    private static Kind GuessKind(AttributeProto wire) =>
        wire.HasF ? Kind.Float
        : wire.HasI ? Kind.Int
        : wire.HasS ? Kind.String
        : wire.T is not null ? Kind.Tensor
        : wire.G is not null ? Kind.Graph
        : wire.Floats.Count > 0 ? Kind.Floats
        : wire.Ints.Count > 0 ? Kind.Ints
        : wire.Strings.Count > 0 ? Kind.Strings
        : wire.Tensors.Count > 0 ? Kind.Tensors
        : wire.Graphs.Count > 0 ? Kind.Graphs
        : Kind.Undefined;
}
