using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Safetensors;

/// <summary>The element types of the safetensors format.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ElementType Element)[] Types =
    [
        ("F32", ElementType.Float), ("F16", ElementType.Float16), ("BF16", ElementType.BFloat16), ("F64", ElementType.Double),
        ("I64", ElementType.Int64), ("I32", ElementType.Int32), ("I16", ElementType.Int16), ("I8", ElementType.Int8),
        ("U64", ElementType.UInt64), ("U32", ElementType.UInt32), ("U16", ElementType.UInt16), ("U8", ElementType.UInt8),
        ("BOOL", ElementType.Bool),
    ];

    /// <summary>The format's name of an element type, or null where it has none.</summary>
    public static string? NameOf(ElementType element) => Array.Find(Types, t => t.Element == element).Name;

    /// <summary>The element type of that name; undefined where the name isn't known.</summary>
    public static ElementType Parse(string name) => Array.Find(Types, t => t.Name == name).Element;
}
