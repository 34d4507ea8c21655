using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MsSrConvert.GraphIR;

/// <summary>How a tensor's elements stand in the file; kept so that an unchanged model is written as it was read.</summary>
public enum TensorEncoding
{
    /// <summary>Little-endian bytes.</summary>
    Raw,
    /// <summary>The typed list of the element type (<c>float_data</c>, <c>int64_data</c> …).</summary>
    Typed,
    /// <summary>A file beside the model.</summary>
    External,
    /// <summary>The elements that differ from zero and their places; the tensor's bytes are the dense form.</summary>
    Sparse,
}

/// <summary>
/// The constant content of a tensor: element type, dimensions and little-endian bytes. Immutable; bytes of external data are
/// read when first asked for.
/// </summary>
public sealed class TensorData
{
    // What can be had again and is larger isn't kept: models may be larger than the memory.
    private const int LargestKept = 16 << 20;

    private readonly Lazy<ReadOnlyMemory<byte>> _bytes;
    private readonly Func<ReadOnlyMemory<byte>>? _make;
    private readonly WeakReference<byte[]>? _made;

    /// <summary>Makes a tensor over bytes that are, or will be, at hand.</summary>
    public TensorData(ElementType element, IReadOnlyList<long> dims, Lazy<ReadOnlyMemory<byte>> bytes)
    {
        Element = element;
        Dims = dims;
        _bytes = bytes;
    }

    /// <summary>
    /// Makes a tensor whose little-endian bytes are read or computed when they are asked for; large ones may be so more than once,
    /// with the same result.
    /// </summary>
    public TensorData(ElementType element, IReadOnlyList<long> dims, Func<ReadOnlyMemory<byte>> make)
        : this(element, dims, new Lazy<ReadOnlyMemory<byte>>(make))
    {
        if (Count * element.Bits() / 8 > LargestKept)
            (_make, _made) = (make, new WeakReference<byte[]>([]));
    }

    /// <summary>Makes a tensor over little-endian bytes.</summary>
    public TensorData(ElementType element, IReadOnlyList<long> dims, ReadOnlyMemory<byte> bytes)
        : this(element, dims, new Lazy<ReadOnlyMemory<byte>>(bytes))
    {
    }

    /// <summary>The element type.</summary>
    public ElementType Element { get; }

    /// <summary>The dimensions; none is a scalar.</summary>
    public IReadOnlyList<long> Dims { get; }

    /// <summary>The tensor's own name where it differs from its value's (tensors in attributes).</summary>
    public string Name { get; init; } = "";

    /// <summary>Documentation text.</summary>
    public string DocString { get; init; } = "";

    /// <summary>How the bytes stood in the file.</summary>
    public TensorEncoding Encoding { get; init; }

    /// <summary>Elements of a string tensor, else null.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Strings { get; init; }

    /// <summary>Location, offset, length and whatever else the file says of external data, in file order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> ExternalEntries { get; init; } = [];

    /// <summary>Wire bytes of fields the IR doesn't model.</summary>
    internal ReadOnlyMemory<byte> Preserved { get; init; }

    /// <summary>Little-endian element bytes; 4- and 2-bit types packed as in the file.</summary>
    /// <exception cref="IOException">External data can't be read.</exception>
    public ReadOnlyMemory<byte> Bytes => _make is null ? _bytes.Value : Again(_make, _made!);

    /// <summary>The number of elements.</summary>
    public long Count => Dims.Aggregate(1L, (product, dim) => product * dim);

    /// <summary>The shape as an IR shape.</summary>
    public Shape Shape => Shape.Known(Dims);

    /// <summary>
    /// True when a type leaves room for the data: the same element type and rank, and no other known dimension.
    /// </summary>
    public bool Fits(IrType type)
    {
        if (type is not TensorType tensor || tensor.Element != Element)
            return false;
        return tensor.Shape is not { } shape
            || (shape.Rank == Dims.Count && shape.Zip(Dims).All(d => !d.First.IsKnown || d.First.Value == d.Second));
    }

    /// <summary>A float tensor.</summary>
    public static TensorData Of(ReadOnlySpan<float> values, params ReadOnlySpan<long> dims) =>
        new(ElementType.Float, dims.ToArray(), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>An int64 tensor; the form ONNX uses for shapes, axes and pads.</summary>
    public static TensorData Of(ReadOnlySpan<long> values, params ReadOnlySpan<long> dims) =>
        new(ElementType.Int64, dims.ToArray(), MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor of floating-point values rounded to <paramref name="element"/>.</summary>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public static TensorData OfFloating(ElementType element, ReadOnlySpan<float> values, params ReadOnlySpan<long> dims)
    {
        if (element == ElementType.Float)
            return Of(values, dims);
        var width = element.Bits() / 8;
        var bytes = new byte[values.Length * width];
        for (var i = 0; i < values.Length; i++)
        {
            var at = bytes.AsSpan(i * width);
            switch (element)
            {
                case ElementType.Double: BinaryPrimitives.WriteDoubleLittleEndian(at, values[i]); break;
                case ElementType.Float16: BinaryPrimitives.WriteHalfLittleEndian(at, (Half)values[i]); break;
                case ElementType.BFloat16: BinaryPrimitives.WriteUInt16LittleEndian(at, ToBFloat16(values[i])); break;
                default: throw new NotSupportedException($"Element type {element} is not a floating-point type.");
            }
        }

        return new TensorData(element, dims.ToArray(), bytes);
    }

    /// <summary>The elements of a floating-point tensor as 32-bit floats.</summary>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public float[] ToFloats()
    {
        var bytes = Bytes.Span;
        if (Element == ElementType.Float)
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        var width = Element.Bits() / 8;
        var result = new float[Count];
        for (var i = 0; i < result.Length; i++)
        {
            var at = bytes[(i * width)..];
            result[i] = Element switch
            {
                ElementType.Double => (float)BinaryPrimitives.ReadDoubleLittleEndian(at),
                ElementType.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(at),
                ElementType.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(at) << 16),
                _ => throw new NotSupportedException($"Element type {Element} is not a floating-point type."),
            };
        }

        return result;
    }

    /// <summary>The elements of an integer or truth-value tensor as 64-bit integers.</summary>
    /// <exception cref="NotSupportedException">The element type is not one of 8 to 64 bits.</exception>
    public long[] ToInt64s()
    {
        var bytes = Bytes.Span;
        var width = Element.Bits() / 8;
        var result = new long[Count];
        for (var i = 0; i < result.Length; i++)
        {
            var at = bytes[(i * width)..];
            result[i] = Element switch
            {
                ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(at),
                ElementType.UInt64 => (long)BinaryPrimitives.ReadUInt64LittleEndian(at),
                ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(at),
                ElementType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(at),
                ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(at),
                ElementType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                ElementType.Int8 => (sbyte)at[0],
                ElementType.UInt8 or ElementType.Bool => at[0],
                _ => throw new NotSupportedException($"Element type {Element} is not an integer type of 8 to 64 bits."),
            };
        }

        return result;
    }

    private static ReadOnlyMemory<byte> Again(Func<ReadOnlyMemory<byte>> make, WeakReference<byte[]> made)
    {
        lock (made)
        {
            if (made.TryGetTarget(out var kept) && kept.Length > 0)
                return kept;
            var bytes = make();
            if (MemoryMarshal.TryGetArray(bytes, out var whole) && whole.Count == whole.Array!.Length)
                made.SetTarget(whole.Array);
            return bytes;
        }
    }

    // Round to nearest even, as hardware does; NaN keeps a set mantissa bit.
    private static ushort ToBFloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
