using System.Diagnostics.CodeAnalysis;

namespace MsSrConvert.GraphIR.Editing;

/// <summary>Reads constant values.</summary>
internal static class Constants
{
    /// <summary>The content of a value that no caller of the model can override, or null.</summary>
    public static TensorData? Constant(this Value? value) =>
        value is { Initializer: { } data, IsGraphInput: false } ? data : null;

    /// <summary>The elements of a constant int32 or int64 tensor, or null.</summary>
    public static long[]? ConstantInts(this Value? value) =>
        value.Constant() is { Element: ElementType.Int32 or ElementType.Int64 } data ? data.ToInt64s() : null;

    /// <summary>The elements of a constant floating-point tensor, or null.</summary>
    public static double[]? ConstantDoubles(this Value? value) =>
        value.Constant() is { } data && data.Element.IsFloatingPoint() ? TensorNumbers.ReadDoubles(data) : null;

    /// <summary>The one element of a constant floating-point tensor.</summary>
    public static bool TryScalar(this Value? value, out double scalar)
    {
        var data = value.Constant();
        var ok = data is { Count: 1 } && data.Element.IsFloatingPoint();
        scalar = ok ? TensorNumbers.ReadDoubles(data!)[0] : 0;
        return ok;
    }

    /// <summary>Reads an attribute of a kind, where it is present and of that kind.</summary>
    public static bool TryAttribute<T>(this Node node, string name, [NotNullWhen(true)] out T? attribute) where T : AttributeValue
    {
        attribute = node.Attributes.TryGetValue(name, out var value) ? value as T : null;
        return attribute is not null;
    }

    /// <summary>An axis counted from the front.</summary>
    public static int FromFront(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);
}
