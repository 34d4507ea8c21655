using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>A set of element types that an operand may have.</summary>
internal readonly struct TypeSet
{
    private readonly ulong _bits;

    private TypeSet(ulong bits) => _bits = bits;

    /// <summary>16- to 64-bit floating point.</summary>
    public static readonly TypeSet Floats = Of(ElementType.Float, ElementType.Float16, ElementType.Double, ElementType.BFloat16);

    /// <summary>Integers of 8 to 64 bits with a sign.</summary>
    public static readonly TypeSet Signed = Of(ElementType.Int8, ElementType.Int16, ElementType.Int32, ElementType.Int64);

    /// <summary>Integers of 8 to 64 bits without a sign.</summary>
    public static readonly TypeSet Unsigned = Of(ElementType.UInt8, ElementType.UInt16, ElementType.UInt32, ElementType.UInt64);

    /// <summary>Integers of 8 to 64 bits.</summary>
    public static readonly TypeSet Integers = Signed | Unsigned;

    /// <summary>8-bit integers.</summary>
    public static readonly TypeSet Bytes = Of(ElementType.Int8, ElementType.UInt8);

    /// <summary>Integers of 8 and 16 bits.</summary>
    public static readonly TypeSet SmallIntegers = Of(ElementType.Int8, ElementType.UInt8, ElementType.Int16, ElementType.UInt16);

    /// <summary>Floating point and integers.</summary>
    public static readonly TypeSet Numbers = Floats | Integers;

    /// <summary>Floating point and integers with a sign.</summary>
    public static readonly TypeSet SignedNumbers = Floats | Signed;

    /// <summary>Truth values.</summary>
    public static readonly TypeSet Bool = Of(ElementType.Bool);

    /// <summary>32-bit floating point only.</summary>
    public static readonly TypeSet Float = Of(ElementType.Float);

    /// <summary>The type of shapes, axes and pads.</summary>
    public static readonly TypeSet Int64 = Of(ElementType.Int64);

    /// <summary>The types of indices.</summary>
    public static readonly TypeSet Index = Of(ElementType.Int32, ElementType.Int64);

    /// <summary>Every element type.</summary>
    public static readonly TypeSet Any = new(ulong.MaxValue);

    /// <summary>A set of the given types.</summary>
    public static TypeSet Of(params ReadOnlySpan<ElementType> types)
    {
        var bits = 0UL;
        foreach (var type in types)
            bits |= 1UL << (int)type;
        return new TypeSet(bits);
    }

    /// <summary>Both sets together.</summary>
    public static TypeSet operator |(TypeSet a, TypeSet b) => new(a._bits | b._bits);

    /// <summary>True for a type of the set.</summary>
    public bool Contains(ElementType type) => (_bits >> (int)type & 1) != 0;

    /// <summary><c>float, float16, double or bfloat16</c>.</summary>
    public override string ToString()
    {
        var self = this;
        var types = Enum.GetValues<ElementType>().Where(t => t != ElementType.Undefined && self.Contains(t));
        string[] names = [.. types.Select(t => t.ToString().ToLowerInvariant())];
        return names.Length <= 1 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }
}
