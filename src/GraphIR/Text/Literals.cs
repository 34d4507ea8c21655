using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MsSrConvert.GraphIR.Text;

/// <summary>Constants as text: short ones in full, long ones as a hash of their bytes.</summary>
internal static class Literals
{
    private const int LongestTensor = 8;
    private const int LongestList = 32;
    private const int HashDigits = 8;

    /// <summary>The elements of a tensor of up to 8, else the first 8 hex digits of the SHA-256 of its bytes.</summary>
    public static string Tensor(TensorData data)
    {
        if (data.Strings is { } strings)
        {
            return strings.Count <= LongestTensor
                ? Braces(strings.Select(QuoteBytes))
                : Hash([.. strings.SelectMany(s => s.ToArray())]);
        }

        if (data.Count > LongestTensor)
            return Hash(data.Bytes.Span);
        return data.Element switch
        {
            _ when data.Element.IsFloatingPoint() => Braces(data.ToFloats().Select(Number)),
            ElementType.Bool => Braces(data.ToInt64s().Select(v => v != 0 ? "true" : "false")),
            ElementType.UInt64 => Braces(data.ToInt64s().Select(v => ((ulong)v).ToString(CultureInfo.InvariantCulture))),
            ElementType.Int64 or ElementType.Int32 or ElementType.UInt32 or ElementType.Int16 or ElementType.UInt16
                or ElementType.Int8 or ElementType.UInt8 => Braces(data.ToInt64s().Select(Number)),
            _ => $"0x{Convert.ToHexStringLower(data.Bytes.Span)}",
        };
    }

    /// <summary>An attribute's value on one line; a graph as its name only.</summary>
    public static string Attribute(AttributeValue value) => value switch
    {
        IntAttribute a => Number(a.Value),
        FloatAttribute a => Number(a.Value),
        StringAttribute a => QuoteBytes(a.Bytes),
        TensorAttribute a => TypedTensor(a.Value),
        GraphAttribute => "graph",
        IntsAttribute a => List(a.Values, Number),
        FloatsAttribute a => List(a.Values, Number),
        StringsAttribute a => List(a.Values, QuoteBytes),
        TensorsAttribute a => List(a.Values, TypedTensor),
        GraphsAttribute a => $"[{a.Values.Count} graphs]",
        ReferenceAttribute a => "@" + a.AttributeName,
        OtherAttribute a => $"{a.Kind} {Hash(a.Wire.Span)}",
        _ => throw new NotSupportedException($"There is no text form of {value.GetType().Name}."),
    };

    /// <summary>The text in quotes, on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    private static string QuoteBytes(ReadOnlyMemory<byte> bytes) => Quote(Encoding.UTF8.GetString(bytes.Span));

    private static string TypedTensor(TensorData data) => $"{new TensorType(data.Element, data.Shape)} {Tensor(data)}";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // Always with a point or an exponent, so that a float doesn't pass for an integer.
    private static string Number(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return float.IsFinite(value) && text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    private static string Braces(IEnumerable<string> items) => $"{{{string.Join(", ", items)}}}";

    private static string List<T>(IReadOnlyList<T> items, Func<T, string> print)
    {
        var text = string.Join(", ", items.Select(print));
        return items.Count <= LongestList ? $"[{text}]" : $"[{items.Count} items {Hash(Encoding.UTF8.GetBytes(text))}]";
    }

    private static string Hash(ReadOnlySpan<byte> bytes) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))[..HashDigits]}";
}
