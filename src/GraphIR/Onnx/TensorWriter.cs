using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>Writes tensors in the encoding they were read in.</summary>
/// <param name="external">Takes the bytes of large tensors; null leaves them in the model.</param>
internal sealed class TensorWriter(ExternalDataWriter? external)
{
    /// <summary>The wire form of a tensor; its bytes are not copied.</summary>
    /// <param name="data">The tensor.</param>
    /// <param name="name">The name to write; empty for the tensor's own.</param>
    public TensorProto Write(TensorData data, string name)
    {
        var wire = Leftover.Start(TensorProto.Parser, data.Preserved);
        wire.Dims.AddRange(data.Dims);
        wire.DataType = (int)data.Element;
        if (name.Length > 0 || data.Name.Length > 0)
            wire.Name = name.Length > 0 ? name : data.Name;
        if (data.DocString.Length > 0)
            wire.DocString = data.DocString;
        if (data.Strings is not null)
            wire.StringData.AddRange(data.Strings.Select(s => UnsafeByteOperations.UnsafeWrap(s)));
        else if (data.Element.Bits() > 0)
            WriteElements(data, wire);
        return wire;
    }

    private void WriteElements(TensorData data, TensorProto wire)
    {
        if (external is not null && data.Bytes.Length >= ExternalDataWriter.SmallestTensor)
        {
            wire.DataLocation = TensorProto.Types.DataLocation.External;
            external.Append(data.Bytes.Span, wire.ExternalData);
        }
        else if (data.Encoding == TensorEncoding.Typed)
        {
            WriteTyped(data.Element, data.Bytes.Span, wire);
        }
        else
        {
            wire.RawData = UnsafeByteOperations.UnsafeWrap(data.Bytes);
        }
    }

    private static void WriteTyped(ElementType element, ReadOnlySpan<byte> bytes, TensorProto wire)
    {
        switch (element)
        {
            case ElementType.Float or ElementType.Complex64:
                Put(bytes, 4, wire.FloatData, BinaryPrimitives.ReadSingleLittleEndian);
                break;
            case ElementType.Double or ElementType.Complex128:
                Put(bytes, 8, wire.DoubleData, BinaryPrimitives.ReadDoubleLittleEndian);
                break;
            case ElementType.Int64:
                Put(bytes, 8, wire.Int64Data, BinaryPrimitives.ReadInt64LittleEndian);
                break;
            case ElementType.UInt64:
                Put(bytes, 8, wire.Uint64Data, BinaryPrimitives.ReadUInt64LittleEndian);
                break;
            case ElementType.UInt32:
                Put(bytes, 4, wire.Uint64Data, static b => BinaryPrimitives.ReadUInt32LittleEndian(b));
                break;
            case ElementType.Int32:
                Put(bytes, 4, wire.Int32Data, BinaryPrimitives.ReadInt32LittleEndian);
                break;
            case ElementType.Int16:
                Put(bytes, 2, wire.Int32Data, static b => BinaryPrimitives.ReadInt16LittleEndian(b));
                break;
            case ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16:
                Put(bytes, 2, wire.Int32Data, static b => BinaryPrimitives.ReadUInt16LittleEndian(b));
                break;
            case ElementType.Int8:
                Put(bytes, 1, wire.Int32Data, static b => (sbyte)b[0]);
                break;
            default:
                Put(bytes, 1, wire.Int32Data, static b => b[0]);
                break;
        }
    }

    private delegate T ReadElement<T>(ReadOnlySpan<byte> from);

    private static void Put<T>(ReadOnlySpan<byte> bytes, int width, RepeatedField<T> to, ReadElement<T> read)
    {
        to.Capacity = bytes.Length / width;
        for (var at = 0; at < bytes.Length; at += width)
            to.Add(read(bytes[at..]));
    }
}
