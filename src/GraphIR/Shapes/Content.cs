namespace MsSrConvert.GraphIR.Shapes;

/// <summary>The elements of small tensors, as far as shapes may depend on them.</summary>
internal static class Content
{
    /// <summary>Tensors of more elements are no shapes, axes, pads or scales.</summary>
    public const int MaxElements = 64;

    /// <summary>A constant tensor's elements; null for large tensors and for types that shapes aren't made of.</summary>
    public static Scalar[]? Of(TensorData data)
    {
        if (data.Dims.Any(d => d is < 0 or > MaxElements) || data.Count > MaxElements)
            return null;
        try
        {
            return data.Element switch
            {
                ElementType.Int64 or ElementType.Int32 or ElementType.Bool or ElementType.UInt8 or ElementType.Int8 =>
                    Array.ConvertAll(data.ToInt64s(), v => Scalar.Of(Dim.Known(v))),
                ElementType.Float or ElementType.Double or ElementType.Float16 =>
                    Array.ConvertAll(data.ToFloats(), v => Scalar.OfReal(v)),
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MsSrException or ArgumentException
            or IndexOutOfRangeException)
        {
            // Missing or short data is the reader's and the verifier's to report; for shapes the content is just unknown.
            return null;
        }
    }

    /// <summary>Applies an operation elementwise with broadcasting; null when the result isn't small or of known shape.</summary>
    public static Scalar[]? Broadcast(
        Shape? result, IReadOnlyList<(Shape Shape, Scalar[] Content)> operands, Func<Scalar[], Scalar> operation)
    {
        if (result is null || CountOf(result) is not { } count)
            return null;
        var dims = result.ToArray();
        if (!operands.All(o => BroadcastsTo(o.Shape, result)))
            return null;
        var output = new Scalar[count];
        for (var i = 0; i < count; i++)
            output[i] = operation([.. operands.Select(o => o.Content[IndexOf(o.Shape, dims, i)])]);
        return output;
    }

    /// <summary>The number of elements of a small tensor of known shape, else null.</summary>
    public static int? CountOf(Shape shape)
    {
        if (!shape.IsKnown || shape.Any(d => d.Offset is < 0 or > MaxElements))
            return null;
        var count = shape.ElementCount.Offset;
        return count <= MaxElements ? (int)count : null;
    }

    /// <summary>
    /// Picks elements: those at chosen places along each axis, and the axes in another order. Null where the shape isn't small
    /// and known.
    /// </summary>
    /// <param name="content">The elements, row by row.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="places">
    /// For each axis of the result the axis it comes from and the places along that, in the result's order.
    /// </param>
    public static Scalar[]? Pick(Scalar[] content, Shape shape, IReadOnlyList<(int Axis, int[] Places)> places)
    {
        if (CountOf(shape) is not { } count || count != content.Length)
            return null;
        var strides = new int[shape.Rank];
        for (var (axis, stride) = (shape.Rank - 1, 1); axis >= 0; stride *= (int)shape[axis].Offset, axis--)
            strides[axis] = stride;
        IEnumerable<int> picked = [0];
        foreach (var (axis, along) in places)
            picked = [.. picked.SelectMany(at => along.Select(place => at + place * strides[axis]))];
        return [.. picked.Select(at => content[at])];
    }

    // Operands that contradict each other don't; their common shape is a guess then.
    private static bool BroadcastsTo(Shape operand, Shape result) => operand.Rank <= result.Rank
        && operand.Index().All(d => d.Item == 1 || d.Item == result[d.Index + result.Rank - operand.Rank]);

    private static int IndexOf(Shape operand, long[] dims, long flat)
    {
        var index = 0L;
        var stride = 1L;
        for (var axis = dims.Length - 1; axis >= 0; axis--)
        {
            var at = flat % dims[axis];
            flat /= dims[axis];
            var own = axis - (dims.Length - operand.Rank);
            if (own < 0)
                continue;
            if (operand[own].Offset != 1)
                index += at * stride;
            stride *= operand[own].Offset;
        }

        return (int)index;
    }
}
