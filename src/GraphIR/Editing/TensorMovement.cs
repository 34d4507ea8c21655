namespace MsSrConvert.GraphIR.Editing;

/// <summary>Moves elements of constant tensors without looking at them. Element types are of whole bytes, no strings.</summary>
internal static class TensorMovement
{
    /// <summary>True where the functions below can handle the tensor.</summary>
    public static bool CanMove(TensorData data) => data.Strings is null && data.Element.Bits() >= 8;

    /// <summary>Steps, in elements, between neighbours along each axis of a dense row-major tensor.</summary>
    public static long[] Strides(IReadOnlyList<long> dims)
    {
        var strides = new long[dims.Count];
        var step = 1L;
        for (var i = dims.Count - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }

        return strides;
    }

    /// <summary>The dimensions with axes exchanged: output axis <c>i</c> is input axis <c>perm[i]</c>.</summary>
    public static TensorData Transpose(TensorData data, IReadOnlyList<long> perm)
    {
        var strides = Strides(data.Dims);
        return View(data, [.. perm.Select(p => data.Dims[(int)p])], 0, [.. perm.Select(p => strides[(int)p])]);
    }

    /// <summary>
    /// The elements at <c>offset + sum(index[i] * strides[i])</c>, as a dense tensor of the given dimensions.
    /// </summary>
    public static TensorData View(TensorData data, long[] dims, long offset, long[] strides)
    {
        var width = data.Element.Bits() / 8;
        var source = data.Bytes.Span;
        var result = new byte[dims.Aggregate(1L, (p, d) => p * d) * width];
        var index = new long[dims.Length];
        for (var at = 0; at < result.Length; at += width)
        {
            source.Slice((int)(offset * width), width).CopyTo(result.AsSpan(at));
            for (var axis = dims.Length - 1; axis >= 0; axis--)
            {
                offset += strides[axis];
                if (++index[axis] < dims[axis])
                    break;
                offset -= strides[axis] * dims[axis];
                index[axis] = 0;
            }
        }

        return new TensorData(data.Element, dims, result);
    }

    /// <summary>The tensors joined along an axis.</summary>
    public static TensorData Concat(IReadOnlyList<TensorData> parts, int axis)
    {
        var dims = parts[0].Dims.ToArray();
        dims[axis] = parts.Sum(p => p.Dims[axis]);
        var result = new byte[dims.Aggregate(1L, (p, d) => p * d) * (parts[0].Element.Bits() / 8)];
        var outer = dims.Take(axis).Aggregate(1L, (p, d) => p * d);
        var at = 0;
        for (var i = 0; i < outer; i++)
        {
            foreach (var part in parts)
            {
                var block = part.Bytes.Length / (int)outer;
                part.Bytes.Span.Slice(i * block, block).CopyTo(result.AsSpan(at));
                at += block;
            }
        }

        return new TensorData(parts[0].Element, dims, result);
    }

    /// <summary>The slices at the given indices of an axis; null where an index is out of range.</summary>
    public static TensorData? Gather(TensorData data, TensorData indices, int axis)
    {
        var size = data.Dims[axis];
        var picks = indices.ToInt64s();
        if (picks.Any(p => p < -size || p >= size))
            return null;
        long[] dims = [.. data.Dims.Take(axis), .. indices.Dims, .. data.Dims.Skip(axis + 1)];
        var width = data.Element.Bits() / 8;
        var outer = data.Dims.Take(axis).Aggregate(1L, (p, d) => p * d);
        var block = (int)(data.Dims.Skip(axis + 1).Aggregate(1L, (p, d) => p * d) * width);
        var result = new byte[dims.Aggregate(1L, (p, d) => p * d) * width];
        var at = 0;
        for (var i = 0L; i < outer; i++)
        {
            foreach (var pick in picks)
            {
                var from = ((i * size) + (pick < 0 ? pick + size : pick)) * block;
                data.Bytes.Span.Slice((int)from, block).CopyTo(result.AsSpan(at));
                at += block;
            }
        }

        return new TensorData(data.Element, dims, result);
    }
}
