using System.Numerics;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MsSrConvert.Calibration.Solving;

/// <summary>
/// Coordinates in which a layer's columns are uncorrelated and of equal size: L⁻¹ and its transpose, of the Cholesky factor L of
/// their Gram matrix, with the columns in a given order.
/// </summary>
/// <remarks>
/// Each coordinate is what a column holds beyond those before it. With the bias first, and the middles of kernels before their
/// rims, what is alike over wide areas gathers in the first coordinates, and the later ones hold detail.
/// </remarks>
internal sealed class WhitenedColumns
{
    private readonly PlaneProducts _products;
    private readonly int[] _order;
    private readonly float[] _inverse;
    private readonly float[] _transposed;

    /// <summary>Factorises A + λI, with λ a share of A's mean diagonal element.</summary>
    /// <exception cref="ArgumentException">The matrix isn't positive definite.</exception>
    public WhitenedColumns(NormalEquations equations, double ridge, int[] order, PlaneProducts products)
    {
        (_order, _products) = (order, products);
        var n = order.Length;
        var mean = Enumerable.Range(0, n).Average(i => equations.Gram[(long)i * n + i]);
        var matrix = new DenseMatrix(n, n);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
                matrix[i, j] = equations.Gram[(long)order[i] * n + order[j]];
            matrix[i, i] += ridge * mean + double.Epsilon;
        }

        _inverse = Inverse(((DenseMatrix)matrix.Cholesky().Factor).Values, n);
        _transposed = new float[_inverse.Length];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                _transposed[j * n + i] = _inverse[i * n + j];
        }
    }

    /// <summary>Brings a gradient (unknowns × targets) into the coordinates.</summary>
    public float[] Forth(float[] gradient)
    {
        var targets = gradient.Length / _order.Length;
        var ordered = new float[gradient.Length];
        for (var i = 0; i < _order.Length; i++)
            gradient.AsSpan(_order[i] * targets, targets).CopyTo(ordered.AsSpan(i * targets));
        return Times(_inverse, ordered, targets);
    }

    /// <summary>Brings a step in the coordinates back to the unknowns (unknowns × targets).</summary>
    public float[] Back(float[] step)
    {
        var targets = step.Length / _order.Length;
        var ordered = Times(_transposed, step, targets);
        var result = new float[step.Length];
        for (var i = 0; i < _order.Length; i++)
            ordered.AsSpan(i * targets, targets).CopyTo(result.AsSpan(_order[i] * targets));
        return result;
    }

    private float[] Times(float[] matrix, float[] values, int targets) =>
        _products.Mix(matrix, new Features.Planar(values, _order.Length, 1, targets)).Data;

    // Row by row: row i of the inverse is (e_i - the sum over k < i of L[i,k] times row k) / L[i,i]. The factor stands column by
    // column.
    private static float[] Inverse(double[] factor, int n)
    {
        var rows = new double[(long)n * n];
        Parallel.For(0, (n + 63) / 64, block =>
        {
            var (first, last) = (block * 64, Math.Min(n, block * 64 + 64));
            for (var i = first; i < n; i++)
            {
                var width = Math.Min(last, i + 1) - first;
                var row = rows.AsSpan(i * n + first, width);
                if (i < last)
                    row[i - first] = 1;
                for (var k = first; k < i; k++)
                    Subtract(row, rows.AsSpan(k * n + first, Math.Min(width, k + 1 - first)), factor[(long)k * n + i]);
                foreach (ref var value in row)
                    value /= factor[(long)i * n + i];
            }
        });
        return Array.ConvertAll(rows, v => (float)v);
    }

    private static void Subtract(Span<double> row, ReadOnlySpan<double> other, double factor)
    {
        var (i, f) = (0, new Vector<double>(factor));
        for (; i <= other.Length - Vector<double>.Count; i += Vector<double>.Count)
            (new Vector<double>(row[i..]) - f * new Vector<double>(other[i..])).CopyTo(row[i..]);
        for (; i < other.Length; i++)
            row[i] -= factor * other[i];
    }
}
