using System.Buffers.Binary;
using Google.Protobuf.Collections;
using MsSrConvert.GraphIR.Onnx.Wire;

namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// Reads tensors: raw bytes are not copied, typed lists become little-endian bytes, external data stays in its file.
/// </summary>
internal sealed class TensorReader(ExternalData external)
{
    /// <summary>Reads a tensor and takes it out of <paramref name="wire"/>.</summary>
    /// <param name="wire">The message; what the IR doesn't model stays in it.</param>
    /// <param name="where">The tensor, for messages.</param>
    /// <exception cref="MsSrException">
    /// The data doesn't fit the dimensions (MSSR1011), or external data isn't there (MSSR1012, MSSR1013).
    /// </exception>
    public TensorData Read(TensorProto wire, string where)
    {
        var element = (ElementType)wire.DataType;
        var dims = wire.Dims.ToArray();
        var count = ElementCount(dims, where);
        if (element == ElementType.Undefined)
            throw OnnxErrors.BadTensor(where, "The tensor states no element type.");
        var name = wire.Name;
        var docString = wire.DocString;
        wire.Dims.Clear();
        wire.ClearDataType();
        if (name.Length > 0)
            wire.ClearName();
        if (docString.Length > 0)
            wire.ClearDocString();

        // Of a type newer than this reader nothing is taken: its elements stay in the rest of the message.
        var known = element.Bits() > 0;
        var entries = known ? TakeExternal(wire) : [];
        var strings = element == ElementType.String ? TakeStrings(wire, count, where) : null;
        var encoding = entries.Length > 0 ? TensorEncoding.External : wire.HasRawData ? TensorEncoding.Raw : TensorEncoding.Typed;
        var apart = encoding == TensorEncoding.External ? external.Open(entries, ByteCount(element, count), where) : null;
        var bytes = known && apart is null ? TakeBytes(wire, element, count, where) : default;
        var preserved = Leftover.Keep(wire);
        return apart is null
            ? new TensorData(element, dims, bytes)
            {
                Name = name,
                DocString = docString,
                Encoding = encoding,
                Strings = strings,
                Preserved = preserved,
            }
            : new TensorData(element, dims, apart)
            {
                Name = name,
                DocString = docString,
                Encoding = encoding,
                ExternalEntries = entries,
                Preserved = preserved,
            };
    }

    /// <summary>The product of the dimensions.</summary>
    /// <exception cref="MsSrException">A dimension is negative, or the product too large (MSSR1011).</exception>
    public static long ElementCount(IReadOnlyList<long> dims, string where)
    {
        var count = 1L;
        foreach (var dim in dims)
        {
            if (dim < 0)
                throw OnnxErrors.BadTensor(where, $"The tensor has a negative dimension: [{string.Join(", ", dims)}].");
            // Room for 128-bit elements counted in bits, so that no later product can overflow.
            if (dim > 0 && count > (long.MaxValue >> 7) / dim)
                throw OnnxErrors.BadTensor(where, $"The tensor is larger than any memory: [{string.Join(", ", dims)}].");
            count *= dim;
        }

        return count;
    }

    /// <summary>Bytes that many elements take, packed.</summary>
    public static long ByteCount(ElementType element, long count) => ((count * element.Bits()) + 7) / 8;

    private static KeyValuePair<string, string>[] TakeExternal(TensorProto wire)
    {
        if (wire.DataLocation != TensorProto.Types.DataLocation.External)
            return [];
        var entries = wire.ExternalData.Select(e => new KeyValuePair<string, string>(e.Key, e.Value)).ToArray();
        wire.ExternalData.Clear();
        wire.ClearDataLocation();
        return entries.Length > 0 ? entries : [new("location", "")];
    }

    private static ReadOnlyMemory<byte>[] TakeStrings(TensorProto wire, long count, string where)
    {
        if (wire.StringData.Count != count)
            throw OnnxErrors.BadTensor(where, $"The tensor has {count} elements but holds {wire.StringData.Count} strings.");
        ReadOnlyMemory<byte>[] strings = [.. wire.StringData.Select(s => s.Memory)];
        wire.StringData.Clear();
        return strings;
    }

    private static ReadOnlyMemory<byte> TakeBytes(TensorProto wire, ElementType element, long count, string where)
    {
        var size = ByteCount(element, count);
        if (wire.HasRawData)
        {
            var raw = wire.RawData.Memory;
            if (raw.Length != size)
                throw Mismatch(element, count, size, $"{raw.Length} bytes", where);
            wire.ClearRawData();
            return raw;
        }

        return element switch
        {
            ElementType.Float or ElementType.Complex64 =>
                Take(wire.FloatData, 4, static (to, v) => BinaryPrimitives.WriteSingleLittleEndian(to, v)),
            ElementType.Double or ElementType.Complex128 =>
                Take(wire.DoubleData, 8, static (to, v) => BinaryPrimitives.WriteDoubleLittleEndian(to, v)),
            ElementType.Int64 => Take(wire.Int64Data, 8, static (to, v) => BinaryPrimitives.WriteInt64LittleEndian(to, v)),
            ElementType.UInt64 => Take(wire.Uint64Data, 8, static (to, v) => BinaryPrimitives.WriteUInt64LittleEndian(to, v)),
            ElementType.UInt32 =>
                Take(wire.Uint64Data, 4, static (to, v) => BinaryPrimitives.WriteUInt32LittleEndian(to, (uint)v)),
            ElementType.Int32 => Take(wire.Int32Data, 4, static (to, v) => BinaryPrimitives.WriteInt32LittleEndian(to, v)),
            _ when element.Bits() == 16 =>
                Take(wire.Int32Data, 2, static (to, v) => BinaryPrimitives.WriteInt16LittleEndian(to, (short)v)),
            _ => Take(wire.Int32Data, 1, static (to, v) => to[0] = (byte)v),
        };

        byte[] Take<T>(RepeatedField<T> values, int width, WriteElement<T> write)
        {
            if (values.Count * (long)width != size)
                throw Mismatch(element, count, size, $"{values.Count} entries of {width} bytes", where);
            var bytes = new byte[size];
            for (var i = 0; i < values.Count; i++)
                write(bytes.AsSpan(i * width), values[i]);
            values.Clear();
            return bytes;
        }
    }

    private delegate void WriteElement<T>(Span<byte> to, T value);

    private static MsSrException Mismatch(ElementType element, long count, long size, string present, string where) =>
        OnnxErrors.BadTensor(where, $"{count} elements of type {element} need {size} bytes, but the tensor holds {present}.");
}
