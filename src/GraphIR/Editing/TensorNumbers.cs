using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace MsSrConvert.GraphIR.Editing;

/// <summary>Constant tensors as numbers of the widest kind and back.</summary>
internal static class TensorNumbers
{
    /// <summary>True for integer types (and truth values) of whole bytes.</summary>
    public static bool IsInteger(this ElementType type) =>
        type is ElementType.Int64 or ElementType.Int32 or ElementType.Int16 or ElementType.Int8
            or ElementType.UInt64 or ElementType.UInt32 or ElementType.UInt16 or ElementType.UInt8 or ElementType.Bool;

    /// <summary>The elements of a floating-point tensor, exact.</summary>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public static double[] ReadDoubles(TensorData data) => data.Element == ElementType.Double
        ? MemoryMarshal.Cast<byte, double>(data.Bytes.Span).ToArray()
        : Array.ConvertAll(data.ToFloats(), f => (double)f);

    /// <summary>A floating-point tensor, every element rounded once.</summary>
    /// <exception cref="NotSupportedException">The element type is not a floating-point type.</exception>
    public static TensorData OfDoubles(ElementType element, double[] values, params ReadOnlySpan<long> dims)
    {
        switch (element)
        {
            case ElementType.Double:
                return new TensorData(element, dims.ToArray(), MemoryMarshal.AsBytes<double>(values).ToArray());
            case ElementType.Float16:
                var halves = Array.ConvertAll(values, v => (Half)v);
                return new TensorData(element, dims.ToArray(), MemoryMarshal.AsBytes<Half>(halves).ToArray());
            default:
                return TensorData.OfFloating(element, Array.ConvertAll(values, v => (float)v), dims);
        }
    }

    /// <summary>An integer tensor; elements keep the low bits that fit.</summary>
    /// <exception cref="NotSupportedException">The element type is not an integer type of 8 to 64 bits.</exception>
    public static TensorData OfInts(ElementType element, long[] values, params ReadOnlySpan<long> dims)
    {
        var width = element.Bits() / 8;
        var bytes = new byte[values.Length * width];
        Span<byte> wide = stackalloc byte[8];
        for (var i = 0; i < values.Length; i++)
        {
            if (!element.IsInteger())
                throw new NotSupportedException($"Element type {element} is not an integer type of 8 to 64 bits.");
            BinaryPrimitives.WriteInt64LittleEndian(wide,
                element == ElementType.Bool ? Math.Sign(Math.Abs(values[i])) : values[i]);
            wide[..width].CopyTo(bytes.AsSpan(i * width));
        }

        return new TensorData(element, dims.ToArray(), bytes);
    }

    /// <summary>The same bytes under other dimensions.</summary>
    public static TensorData Reshaped(TensorData data, params ReadOnlySpan<long> dims) =>
        new(data.Element, dims.ToArray(), () => data.Bytes) { Strings = data.Strings };
}
