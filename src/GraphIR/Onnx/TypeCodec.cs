using Google.Protobuf;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Types and declarations of values, from and to their wire form.</summary>
internal static class TypeCodec
{
    /// <summary>The IR type; null where the message states none.</summary>
    public static IrType? Read(TypeProto wire) => wire.ValueCase switch
    {
        TypeProto.ValueOneofCase.TensorType => ReadTensor(wire),
        TypeProto.ValueOneofCase.None => null,
        TypeProto.ValueOneofCase.SequenceType => new OtherType("sequence", wire.ToByteArray()),
        TypeProto.ValueOneofCase.MapType => new OtherType("map", wire.ToByteArray()),
        TypeProto.ValueOneofCase.OptionalType => new OtherType("optional", wire.ToByteArray()),
        TypeProto.ValueOneofCase.SparseTensorType => new OtherType("sparse tensor", wire.ToByteArray()),
        _ => new OtherType("opaque", wire.ToByteArray()),
    };

    /// <summary>The wire form of a type.</summary>
    public static TypeProto Write(IrType type)
    {
        if (type is OtherType other)
            return TypeProto.Parser.ParseFrom(other.Wire.Span);
        var tensor = (TensorType)type;
        var wire = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)tensor.Element } };
        if (tensor.Denotation.Length > 0)
            wire.Denotation = tensor.Denotation;
        if (tensor.Shape is null)
            return wire;
        var shape = wire.TensorType.Shape = new TensorShapeProto();
        for (var i = 0; i < tensor.Shape.Rank; i++)
            shape.Dim.Add(WriteDim(tensor.Shape[i], tensor.DimDenotations?.ElementAtOrDefault(i)));
        return wire;
    }

    /// <summary>
    /// Gives <paramref name="value"/> what a declaration states, its name left out. A type that the IR can't say exactly
    /// (a negative dimension, an empty name) also stays in the value's preserved bytes; so does that of an initializer, whose
    /// type in the IR is that of its data.
    /// </summary>
    public static void ReadDeclaration(Value value, ValueInfoProto wire)
    {
        wire.ClearName();
        if (wire.DocString.Length > 0)
        {
            value.DocString = wire.DocString;
            wire.ClearDocString();
        }

        if (wire.Type is not null && value.Initializer is null)
        {
            value.Type = Read(wire.Type);
            if (value.Type is not null && Write(value.Type).Equals(wire.Type))
                wire.Type = null;
        }

        value.Preserved = Leftover.Keep(wire);
    }

    /// <summary>The declaration of a value. A preserved type is written as it was as long as the value has that type.</summary>
    public static ValueInfoProto WriteDeclaration(Value value)
    {
        var wire = Leftover.Start(ValueInfoProto.Parser, value.Preserved);
        wire.Name = value.Name;
        if (value.DocString.Length > 0)
            wire.DocString = value.DocString;
        if (!Equals(wire.Type is null ? null : Read(wire.Type), value.Type))
            wire.Type = value.Type is null ? null : Write(value.Type);
        return wire;
    }

    private static TensorType ReadTensor(TypeProto wire)
    {
        var dims = wire.TensorType.Shape?.Dim;
        return new TensorType((ElementType)wire.TensorType.ElemType, dims is null ? null : new Shape(dims.Select(ReadDim)))
        {
            Denotation = wire.Denotation,
            DimDenotations = dims?.Any(d => d.Denotation.Length > 0) == true ? [.. dims.Select(d => d.Denotation)] : null,
        };
    }

    // Exporters write -1 where they mean "any size".
    private static Dim ReadDim(TensorShapeProto.Types.Dimension wire) => wire.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when wire.DimValue >= 0 => Dim.Known(wire.DimValue),
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when wire.DimParam.Length > 0 => Dim.Parse(wire.DimParam),
        _ => Dim.Unknown,
    };

    private static TensorShapeProto.Types.Dimension WriteDim(Dim dim, string? denotation)
    {
        var wire = new TensorShapeProto.Types.Dimension();
        if (dim.IsKnown)
            wire.DimValue = dim.Value;
        else if (dim.IsSymbolic)
            wire.DimParam = dim.ToString();
        if (!string.IsNullOrEmpty(denotation))
            wire.Denotation = denotation;
        return wire;
    }
}
