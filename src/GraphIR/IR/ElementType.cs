namespace MsSrConvert.GraphIR;

/// <summary>The element types of ONNX tensors; the numbers are those of the file format.</summary>
public enum ElementType
{
    /// <summary>Not stated.</summary>
    Undefined = 0,
    /// <summary>32-bit floating point.</summary>
    Float = 1,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,
    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 4,
    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,
    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 7,
    /// <summary>Byte strings.</summary>
    String = 8,
    /// <summary>Truth values, one byte each.</summary>
    Bool = 9,
    /// <summary>16-bit IEEE floating point.</summary>
    Float16 = 10,
    /// <summary>64-bit floating point.</summary>
    Double = 11,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 12,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 13,
    /// <summary>Complex of two 32-bit floats.</summary>
    Complex64 = 14,
    /// <summary>Complex of two 64-bit floats.</summary>
    Complex128 = 15,
    /// <summary>16-bit brain floating point.</summary>
    BFloat16 = 16,
    /// <summary>8-bit float, 4 exponent bits, finite, NaN only.</summary>
    Float8E4M3FN = 17,
    /// <summary>As <see cref="Float8E4M3FN"/> without negative zero.</summary>
    Float8E4M3FNUZ = 18,
    /// <summary>8-bit float, 5 exponent bits.</summary>
    Float8E5M2 = 19,
    /// <summary>As <see cref="Float8E5M2"/>, finite, without negative zero.</summary>
    Float8E5M2FNUZ = 20,
    /// <summary>Unsigned 4-bit integer, two to a byte.</summary>
    UInt4 = 21,
    /// <summary>Signed 4-bit integer, two to a byte.</summary>
    Int4 = 22,
    /// <summary>4-bit float, two to a byte.</summary>
    Float4E2M1 = 23,
    /// <summary>8-bit power-of-two scale.</summary>
    Float8E8M0 = 24,
    /// <summary>Unsigned 2-bit integer, four to a byte.</summary>
    UInt2 = 25,
    /// <summary>Signed 2-bit integer, four to a byte.</summary>
    Int2 = 26,
}

/// <summary>Facts about <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bits one element takes in raw tensor data; 0 for strings and undefined.</summary>
    public static int Bits(this ElementType type) => type switch
    {
        ElementType.UInt2 or ElementType.Int2 => 2,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
            or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 => 8,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 64,
        ElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>True for the floating-point types a network's weights come in.</summary>
    public static bool IsFloatingPoint(this ElementType type) =>
        type is ElementType.Float or ElementType.Float16 or ElementType.Double or ElementType.BFloat16;
}
