using System.Globalization;
using System.Text;

namespace MsSrConvert.GraphIR;

/// <summary>
/// One dimension of a tensor shape: unknown, or a linear expression over symbols such as <c>48</c>, <c>2*height</c> or
/// <c>8*floor((height+7)/8)-height</c>.
/// </summary>
/// <remarks>
/// The linear form is what image networks need: a value at half of a padded height is <c>4*b</c> where the padded height is
/// <c>8*b</c>, and equality of two sizes is decided by comparing terms. Anything that leaves the linear form (a rounding
/// division, a product of symbols) becomes a new opaque symbol whose name is the expression, so that two values computed
/// alike still compare equal.
/// </remarks>
public readonly struct Dim : IEquatable<Dim>
{
    // Null for an unknown dimension; else terms with non-zero coefficients, sorted by symbol.
    private readonly (string Symbol, long Coefficient)[]? _terms;

    private Dim((string Symbol, long Coefficient)[] terms, long offset)
    {
        _terms = terms;
        Offset = offset;
    }

    /// <summary>The constant term; the whole number for a known dimension.</summary>
    public long Offset { get; }

    /// <summary>The terms beside the constant, sorted by symbol; none for a known or unknown dimension.</summary>
    public IReadOnlyList<(string Symbol, long Coefficient)> Terms => _terms ?? [];

    /// <summary>A dimension nothing is known about.</summary>
    public static Dim Unknown => default;

    /// <summary>True for a number.</summary>
    public bool IsKnown => _terms is { Length: 0 };

    /// <summary>True when nothing is known.</summary>
    public bool IsUnknown => _terms is null;

    /// <summary>True for an expression over at least one symbol.</summary>
    public bool IsSymbolic => _terms is { Length: > 0 };

    /// <summary>The number of a known dimension.</summary>
    /// <exception cref="InvalidOperationException">The dimension is symbolic or unknown.</exception>
    public long Value => IsKnown ? Offset : throw new InvalidOperationException($"Dimension '{this}' is not a known number.");

    /// <summary>A known dimension.</summary>
    public static Dim Known(long value) => new([], value);

    /// <summary>
    /// A symbolic dimension, <paramref name="coefficient"/> times <paramref name="name"/> plus <paramref name="offset"/>.
    /// </summary>
    public static Dim Of(string name, long coefficient = 1, long offset = 0) =>
        new(coefficient == 0 ? [] : [(name, coefficient)], offset);

    /// <summary>
    /// Reads the text of an ONNX <c>dim_param</c>: the linear form that <see cref="ToString"/> prints, else an opaque symbol.
    /// </summary>
    public static Dim Parse(string text)
    {
        var sum = Known(0);
        foreach (var (sign, piece) in TopLevelPieces(text))
        {
            var star = piece.IndexOf('*');
            var coefficient = 1L;
            var rest = piece;
            if (star > 0 && long.TryParse(piece.AsSpan(0, star), NumberStyles.None, CultureInfo.InvariantCulture, out var c))
                (coefficient, rest) = (c, piece[(star + 1)..]);
            sum += long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? Known(sign * coefficient * number)
                : Of(rest, sign * coefficient);
        }

        // Only a text that prints back identically is taken apart: names in files must survive unchanged.
        return sum.IsSymbolic && sum.ToString() == text ? sum : Of(text);
    }

    private static IEnumerable<(int Sign, string Piece)> TopLevelPieces(string text)
    {
        var depth = 0;
        var start = 0;
        var sign = 1;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth != 0 || i == start || text[i] is not ('+' or '-'))
                continue;
            yield return (sign, text[start..i]);
            sign = text[i] == '+' ? 1 : -1;
            start = i + 1;
        }

        yield return (sign, text[start..]);
    }

    /// <summary>The sum of two dimensions.</summary>
    public static Dim operator +(Dim a, Dim b) => Combine(a, b, 1);

    /// <summary>The difference of two dimensions.</summary>
    public static Dim operator -(Dim a, Dim b) => Combine(a, b, -1);

    private static Dim Combine(Dim a, Dim b, long sign)
    {
        if (a._terms is null || b._terms is null)
            return Unknown;
        var terms = new List<(string, long)>(a._terms.Length + b._terms.Length);
        for (int i = 0, j = 0; i < a._terms.Length || j < b._terms.Length;)
        {
            var order = i == a._terms.Length ? 1
                : j == b._terms.Length ? -1
                : string.CompareOrdinal(a._terms[i].Symbol, b._terms[j].Symbol);
            var symbol = order <= 0 ? a._terms[i].Symbol : b._terms[j].Symbol;
            var coefficient = (order <= 0 ? a._terms[i++].Coefficient : 0) + (order >= 0 ? sign * b._terms[j++].Coefficient : 0);
            if (coefficient != 0)
                terms.Add((symbol, coefficient));
        }

        return new Dim([.. terms], a.Offset + (sign * b.Offset));
    }

    /// <summary>
    /// The product of two dimensions; symbolic factors are multiplied out into opaque symbols such as <c>h*w</c>.
    /// </summary>
    public static Dim operator *(Dim a, Dim b)
    {
        if (a._terms is null || b._terms is null)
            return Unknown;
        if (a.IsKnown)
            (a, b) = (b, a);
        return b.IsKnown ? a.Scale(b.Offset) : DimSymbols.Product(a, b);
    }

    private Dim Scale(long factor) =>
        factor == 0 ? Known(0) : new Dim(Array.ConvertAll(_terms!, t => (t.Symbol, t.Coefficient * factor)), Offset * factor);

    /// <summary>A known dimension from a number.</summary>
    public static implicit operator Dim(long value) => Known(value);

    /// <summary>Divides without a remainder; false when a remainder can't be ruled out.</summary>
    public bool TryDivide(long divisor, out Dim quotient)
    {
        var exact = _terms is not null && divisor > 0 && Offset % divisor == 0
            && Array.TrueForAll(_terms, t => t.Coefficient % divisor == 0);
        quotient = exact
            ? new Dim(Array.ConvertAll(_terms!, t => (t.Symbol, t.Coefficient / divisor)), Offset / divisor) : Unknown;
        return exact;
    }

    /// <summary>Divides by a dimension without a remainder; false when a remainder can't be ruled out.</summary>
    public bool TryDivide(Dim divisor, out Dim quotient)
    {
        if (divisor.IsKnown)
            return TryDivide(divisor.Offset, out quotient);
        return DimSymbols.TryDivide(this, divisor, out quotient);
    }

    /// <summary>
    /// Division by a positive number, rounded down. Exact where the coefficients divide; else the rest becomes an opaque symbol.
    /// Unknown when the divisor isn't positive.
    /// </summary>
    public Dim FloorDivide(long divisor) => _terms is null || divisor <= 0 ? Unknown : DimSymbols.Floor(this, divisor);

    /// <summary>Division rounded up.</summary>
    public Dim CeilDivide(long divisor) => (this + (divisor - 1)).FloorDivide(divisor);

    /// <summary>The dimension with symbols replaced, inside opaque symbols too; symbols without a replacement stay.</summary>
    public Dim Substitute(IReadOnlyDictionary<string, Dim> symbols) => DimSymbols.Substitute(this, symbols);

    /// <summary>True when this dimension is proven to be at least the other for all symbols of one and more.</summary>
    public bool IsAtLeast(Dim other) => DimSymbols.IsNonNegative(this - other) || DimProof.IsNonNegative(this - other);

    /// <summary>The number this dimension has when its symbols have the given values; null where one has none.</summary>
    public long? Evaluate(IReadOnlyDictionary<string, long> symbols)
    {
        if (!IsSymbolic)
            return IsKnown ? Offset : null;
        var value = Substitute(symbols.ToDictionary(s => s.Key, s => Known(s.Value)));
        return value.IsKnown ? value.Offset : null;
    }

    /// <inheritdoc/>
    public bool Equals(Dim other) =>
        IsUnknown == other.IsUnknown && Offset == other.Offset && _terms.AsSpan().SequenceEqual(other._terms);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dim other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Terms.Aggregate(HashCode.Combine(IsUnknown, Offset), HashCode.Combine);

    /// <summary>
    /// Equality of expression; two unknown dimensions compare equal, so ask <see cref="IsUnknown"/> first where it matters.
    /// </summary>
    public static bool operator ==(Dim a, Dim b) => a.Equals(b);

    /// <summary>Inequality of expression.</summary>
    public static bool operator !=(Dim a, Dim b) => !a.Equals(b);

    /// <summary><c>?</c>, <c>48</c>, <c>height</c> or <c>2*height+1</c>.</summary>
    public override string ToString()
    {
        if (_terms is null)
            return "?";
        if (_terms.Length == 0)
            return Offset.ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var (symbol, coefficient) in _terms)
        {
            if (coefficient < 0 || text.Length > 0)
                text.Append(coefficient < 0 ? '-' : '+');
            if (Math.Abs(coefficient) != 1)
                text.Append(CultureInfo.InvariantCulture, $"{Math.Abs(coefficient)}*");
            text.Append(symbol);
        }

        if (Offset != 0)
            text.Append(Offset.ToString("+0;-0", CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
