using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Infrastructure;

/// <summary>Picks channels out of constants.</summary>
internal static class ChannelSlices
{
    /// <summary>The given indices along an axis, a negative one standing for zeros; floating-point tensors only.</summary>
    public static TensorData Take(TensorData source, int axis, ReadOnlySpan<int> indices)
    {
        var values = source.ToFloats();
        var dims = source.Dims.ToArray();
        var inner = dims.Skip(axis + 1).Aggregate(1L, (p, d) => p * d);
        var outer = dims.Take(axis).Aggregate(1L, (p, d) => p * d);
        var result = new float[outer * indices.Length * inner];
        for (var o = 0L; o < outer; o++)
        {
            for (var i = 0; i < indices.Length; i++)
            {
                var target = result.AsSpan((int)((o * indices.Length + i) * inner), (int)inner);
                if (indices[i] >= 0)
                    values.AsSpan((int)((o * dims[axis] + indices[i]) * inner), (int)inner).CopyTo(target);
            }
        }

        dims[axis] = indices.Length;
        return TensorData.OfFloating(source.Element, result, dims);
    }
}
