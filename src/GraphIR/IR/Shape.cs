using System.Collections;

namespace MsSrConvert.GraphIR;

/// <summary>The dimensions of a tensor whose rank is known, outermost first (N,C,H,W for images).</summary>
public sealed class Shape : IReadOnlyList<Dim>, IEquatable<Shape>
{
    private readonly Dim[] _dims;

    /// <summary>Makes a shape of the given dimensions; none at all is a scalar.</summary>
    public Shape(params IEnumerable<Dim> dims) => _dims = [.. dims];

    /// <summary>Makes a shape of known dimensions.</summary>
    public static Shape Known(params IEnumerable<long> dims) => new(dims.Select(Dim.Known));

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dims.Length;

    /// <inheritdoc/>
    public int Count => _dims.Length;

    /// <inheritdoc/>
    public Dim this[int index] => _dims[index];

    /// <summary>True when every dimension is a known number.</summary>
    public bool IsKnown => Array.TrueForAll(_dims, d => d.IsKnown);

    /// <summary>The product of all dimensions; 1 for a scalar.</summary>
    public Dim ElementCount => _dims.Aggregate(Dim.Known(1), (product, dim) => product * dim);

    /// <summary>The same shape with one dimension replaced.</summary>
    public Shape With(int axis, Dim dim)
    {
        var copy = (Dim[])_dims.Clone();
        copy[axis] = dim;
        return new Shape(copy);
    }

    /// <summary>The dimensions as numbers.</summary>
    /// <exception cref="InvalidOperationException">A dimension is not known.</exception>
    public long[] ToArray() => Array.ConvertAll(_dims, d => d.Value);

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => _dims.Aggregate(_dims.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => ((IEnumerable<Dim>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>[N, 3, 2*height, 48]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", _dims)}]";
}
