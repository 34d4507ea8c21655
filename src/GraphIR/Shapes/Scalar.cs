using System.Numerics;

namespace MsSrConvert.GraphIR.Shapes;

/// <summary>
/// One element of a small tensor: a quotient of two dimensions (a size, a scale computed from sizes), a real number, or unknown.
/// </summary>
internal readonly struct Scalar : IEquatable<Scalar>
{
    private readonly Dim _numerator;
    private readonly Dim _denominator;
    private readonly double? _real;

    private Scalar(Dim numerator, Dim denominator, double? real)
    {
        _numerator = numerator;
        _denominator = denominator;
        _real = real;
    }

    /// <summary>An element nothing is known about.</summary>
    public static Scalar Unknown => default;

    /// <summary>True when nothing is known.</summary>
    public bool IsUnknown => _numerator.IsUnknown && _real is null;

    /// <summary>The element as a size; unknown where it isn't a whole number.</summary>
    public Dim Dim => _denominator == 1 ? _numerator : Dim.Unknown;

    /// <summary>The element as a number, or null where it is symbolic or unknown.</summary>
    public double? Number =>
        _real ?? (_numerator.IsKnown && _denominator.IsKnown ? (double)_numerator.Offset / _denominator.Offset : null);

    /// <summary>A size.</summary>
    public static Scalar Of(Dim dim) => dim.IsUnknown ? Unknown : new Scalar(dim, 1, null);

    /// <summary>A real number; one that is a 32-bit float's rounding of a simple fraction becomes that fraction.</summary>
    public static Scalar OfReal(double value)
    {
        const int LargestDenominator = 64;
        const double LargestNumerator = 1L << 40;
        for (var denominator = 1; denominator <= LargestDenominator && Math.Abs(value) < LargestNumerator; denominator++)
        {
            var numerator = Math.Round(value * denominator);
            if ((float)(numerator / denominator) == (float)value)
                return new Scalar((long)numerator, denominator, null);
        }

        return double.IsFinite(value) ? new Scalar(Dim.Unknown, Dim.Unknown, value) : Unknown;
    }

    /// <summary>The quotient of two sizes.</summary>
    public static Scalar Ratio(Dim numerator, Dim denominator)
    {
        if (numerator.IsUnknown || denominator.IsUnknown || denominator == 0)
            return Unknown;
        if (denominator.IsKnown && denominator.Offset < 0)
            (numerator, denominator) = (-1 * numerator, -1 * denominator);
        if (numerator.TryDivide(denominator, out var whole))
            return Of(whole);
        // What is left of either side without its numeric factor may divide the other: 3h/2h is 3/2.
        var (over, under) = (Factor(numerator), Factor(denominator));
        numerator.TryDivide(over, out var left);
        denominator.TryDivide(under, out var right);
        var common = (long)BigInteger.GreatestCommonDivisor(over, under);
        (over, under) = (over / common, under / common);
        if (left.TryDivide(right, out var quotient))
            return new Scalar(quotient * over, under, null);
        return right.TryDivide(left, out var inverse)
            ? new Scalar(over, inverse * under, null)
            : new Scalar(left * over, right * under, null);
    }

    /// <summary>The sum.</summary>
    public static Scalar operator +(Scalar a, Scalar b) => Combine(a, b, (x, y) => x + y, (x, y) => x + y);

    /// <summary>The difference.</summary>
    public static Scalar operator -(Scalar a, Scalar b) => Combine(a, b, (x, y) => x - y, (x, y) => x - y);

    /// <summary>The product.</summary>
    public static Scalar operator *(Scalar a, Scalar b)
    {
        if (a._real is null && b._real is null)
            return Cancel(a._numerator, a._denominator, b._numerator, b._denominator);
        return a.Number * b.Number is { } product ? OfReal(product) : Unknown;
    }

    /// <summary>The exact quotient.</summary>
    public static Scalar operator /(Scalar a, Scalar b)
    {
        if (a._real is null && b._real is null)
            return Cancel(a._numerator, a._denominator, b._denominator, b._numerator);
        return a.Number / b.Number is { } quotient ? OfReal(quotient) : Unknown;
    }

    /// <summary>Rounded down.</summary>
    public Scalar Floor() => Round(Math.Floor, (n, d) => n.FloorDivide(d));

    /// <summary>Rounded up.</summary>
    public Scalar Ceiling() => Round(Math.Ceiling, (n, d) => n.CeilDivide(d));

    /// <summary>Rounded towards zero, as casts and integer division do; symbols of unclear sign are taken as positive.</summary>
    public Scalar Truncate() =>
        _numerator.IsSymbolic && Dim.Known(0).IsAtLeast(_numerator) ? Ceiling() : Number < 0 ? Ceiling() : Floor();

    /// <summary>Rounded to the nearest whole number, ties to even.</summary>
    public Scalar RoundToEven() => Number is { } number ? OfReal(Math.Round(number)) : Of(Dim);

    /// <summary>The sign of a - b where it is proven, else null.</summary>
    public static int? Compare(Scalar a, Scalar b)
    {
        if (a.Number is { } x && b.Number is { } y)
            return x.CompareTo(y);
        if (a.Dim.IsUnknown || b.Dim.IsUnknown)
            return null;
        if (a.Dim == b.Dim)
            return 0;
        return a.Dim.IsAtLeast(b.Dim + 1) ? 1 : b.Dim.IsAtLeast(a.Dim + 1) ? -1 : null;
    }

    /// <summary>The smaller of two, where it is proven which.</summary>
    public static Scalar Min(Scalar a, Scalar b) => NotBelow(a, b) ? b : NotBelow(b, a) ? a : Unknown;

    /// <summary>The larger of two, where it is proven which.</summary>
    public static Scalar Max(Scalar a, Scalar b) => NotBelow(a, b) ? a : NotBelow(b, a) ? b : Unknown;

    /// <inheritdoc/>
    public bool Equals(Scalar other) =>
        _numerator == other._numerator && _denominator == other._denominator && Nullable.Equals(_real, other._real);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_numerator, _denominator, _real);

    /// <inheritdoc/>
    public override string ToString() => IsUnknown ? "?" : Number?.ToString("R") ?? $"({_numerator})/({_denominator})";

    private static long Factor(Dim dim)
    {
        var factor = dim.Terms.Aggregate((BigInteger)dim.Offset, (g, t) => BigInteger.GreatestCommonDivisor(g, t.Coefficient));
        return factor.IsZero ? 1 : (long)BigInteger.Abs(factor);
    }

    private static bool NotBelow(Scalar a, Scalar b) =>
        a.Number is { } x && b.Number is { } y ? x >= y : !a.IsUnknown && !b.IsUnknown && a.Dim.IsAtLeast(b.Dim);

    private static Scalar Combine(Scalar a, Scalar b, Func<Dim, Dim, Dim> exact, Func<double, double, double> real)
    {
        if (a._real is null && b._real is null)
        {
            return a._denominator == b._denominator
                ? Ratio(exact(a._numerator, b._numerator), a._denominator)
                : Ratio(exact(a._numerator * b._denominator, b._numerator * a._denominator), a._denominator * b._denominator);
        }

        return a.Number is { } x && b.Number is { } y ? OfReal(real(x, y)) : Unknown;
    }

    // (a/b) * (c/d): the crosswise quotients first, so that h * (t/h) becomes t instead of a quotient of products.
    private static Scalar Cancel(Dim a, Dim b, Dim c, Dim d)
    {
        var left = Ratio(a, d);
        var right = Ratio(c, b);
        return Ratio(left._numerator * right._numerator, left._denominator * right._denominator);
    }

    private Scalar Round(Func<double, double> real, Func<Dim, long, Dim> exact)
    {
        if (_real is { } value)
            return OfReal(real(value));
        return _denominator.IsKnown ? Of(exact(_numerator, _denominator.Offset)) : Unknown;
    }
}
