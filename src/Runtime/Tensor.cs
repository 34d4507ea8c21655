namespace MsSrConvert.Runtime;

/// <summary>
/// A dense tensor of 32-bit floats in row-major order; what goes into and comes out of an <see cref="OnnxSession"/>.
/// </summary>
/// <param name="Data">The elements.</param>
/// <param name="Dims">The dimensions, outermost first; none is a scalar.</param>
public sealed record Tensor(float[] Data, params long[] Dims)
{
    /// <summary>The number of elements the dimensions ask for.</summary>
    public long Count => Dims.Aggregate(1L, (product, dim) => product * dim);

    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(params long[] dims) => new(new float[dims.Aggregate(1L, (product, dim) => product * dim)], dims);

    /// <summary>True when no element is infinite or not a number.</summary>
    public bool IsFinite()
    {
        foreach (var value in Data)
        {
            if (!float.IsFinite(value))
                return false;
        }

        return true;
    }

    /// <summary>The largest absolute difference of two tensors' elements; infinite where the dimensions differ.</summary>
    public double MaxDifference(Tensor other)
    {
        if (!Dims.AsSpan().SequenceEqual(other.Dims))
            return double.PositiveInfinity;
        var most = 0.0;
        for (var i = 0; i < Data.Length; i++)
        {
            var difference = Math.Abs((double)Data[i] - other.Data[i]);
            // A NaN on either side must not pass as agreement.
            if (!(difference <= most))
                most = double.IsNaN(difference) ? double.PositiveInfinity : difference;
        }

        return most;
    }

    /// <summary><c>float[1, 3, 24, 24]</c>.</summary>
    public override string ToString() => $"float[{string.Join(", ", Dims)}]";
}
