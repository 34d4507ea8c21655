namespace MsSrConvert.GraphIR.Editing;

/// <summary>Elementwise arithmetic on constant tensors, with broadcasting.</summary>
/// <remarks>
/// Floating-point results are computed in double precision and rounded once, which for these four operations gives the bits
/// that arithmetic in the element type gives.
/// </remarks>
internal static class TensorArithmetic
{
    /// <summary>The common shape of two operands, or null where they don't broadcast.</summary>
    public static long[]? Broadcast(IReadOnlyList<long> a, IReadOnlyList<long> b)
    {
        var dims = new long[Math.Max(a.Count, b.Count)];
        for (var i = 1; i <= dims.Length; i++)
        {
            var (x, y) = (i <= a.Count ? a[^i] : 1, i <= b.Count ? b[^i] : 1);
            if (x != y && x != 1 && y != 1)
                return null;
            dims[^i] = x == 1 ? y : x;
        }

        return dims;
    }

    /// <summary>Add, Sub, Mul or Div of two tensors of one type; null where that isn't defined here.</summary>
    public static TensorData? Binary(string opType, TensorData a, TensorData b)
    {
        if (a.Element != b.Element || Broadcast(a.Dims, b.Dims) is not { } dims)
            return null;
        var (left, right) = (Expand(a, dims), Expand(b, dims));
        if (a.Element.IsFloatingPoint())
        {
            var (x, y) = (TensorNumbers.ReadDoubles(left), TensorNumbers.ReadDoubles(right));
            return TensorNumbers.OfDoubles(a.Element, [.. x.Zip(y, (p, q) => Apply(opType, p, q))], dims);
        }

        if (a.Element is not (ElementType.Int32 or ElementType.Int64))
            return null;
        var (m, n) = (left.ToInt64s(), right.ToInt64s());
        if (opType == "Div" && n.Any(d => d is 0 or -1))
            return null;
        return TensorNumbers.OfInts(a.Element, [.. m.Zip(n, (p, q) => Apply(opType, p, q))], dims);
    }

    /// <summary>The negated tensor, or null where the type has no sign.</summary>
    public static TensorData? Negate(TensorData data)
    {
        if (data.Element.IsFloatingPoint())
        {
            return TensorNumbers.OfDoubles(data.Element, Array.ConvertAll(TensorNumbers.ReadDoubles(data), v => -v),
                [.. data.Dims]);
        }

        return data.Element is ElementType.Int32 or ElementType.Int64
            ? TensorNumbers.OfInts(data.Element, Array.ConvertAll(data.ToInt64s(), v => -v), [.. data.Dims])
            : null;
    }

    /// <summary>The tensor in another element type; null where a value has no counterpart there.</summary>
    public static TensorData? Cast(TensorData data, ElementType to)
    {
        if (data.Element == to)
            return TensorNumbers.Reshaped(data, [.. data.Dims]);
        long[] dims = [.. data.Dims];
        if (data.Element.IsInteger() && data.Element != ElementType.UInt64)
        {
            var values = data.ToInt64s();
            if (to.IsFloatingPoint())
                return TensorNumbers.OfDoubles(to, Array.ConvertAll(values, v => (double)v), dims);
            return to.IsInteger() ? TensorNumbers.OfInts(to, values, dims) : null;
        }

        if (!data.Element.IsFloatingPoint())
            return null;
        var numbers = TensorNumbers.ReadDoubles(data);
        if (to.IsFloatingPoint())
            return TensorNumbers.OfDoubles(to, numbers, dims);
        if (to == ElementType.Bool)
            return TensorNumbers.OfInts(to, Array.ConvertAll(numbers, v => v != 0 ? 1L : 0), dims);
        return to is ElementType.Int32 or ElementType.Int64 && numbers.All(v => Math.Abs(v) < int.MaxValue)
            ? TensorNumbers.OfInts(to, Array.ConvertAll(numbers, v => (long)v), dims)
            : null;
    }

    private static TensorData Expand(TensorData data, long[] dims)
    {
        if (data.Dims.SequenceEqual(dims))
            return data;
        var strides = new long[dims.Length];
        var own = TensorMovement.Strides(data.Dims);
        for (var i = 1; i <= own.Length; i++)
            strides[^i] = data.Dims[^i] == 1 ? 0 : own[^i];
        return TensorMovement.View(data, dims, 0, strides);
    }

    private static double Apply(string opType, double a, double b) => opType switch
    {
        "Add" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        _ => a / b,
    };

    private static long Apply(string opType, long a, long b) => opType switch
    {
        "Add" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        _ => a / b,
    };
}
