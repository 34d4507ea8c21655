using System.Globalization;

namespace MsSrConvert.GraphIR;

/// <summary>
/// One dimension of a tensor shape: a known number, a symbolic expression <c>coefficient * symbol + offset</c>, or unknown.
/// </summary>
/// <remarks>
/// The linear form is what image networks need: a value at half of a padded height is <c>4*blocks</c> where the padded height
/// is <c>8*blocks</c>, and equality of two sizes is decided by comparing coefficients. Anything that leaves the linear form
/// (a rounding division, the sum of two symbols) becomes a new opaque symbol whose name spells the expression, so that two
/// values computed alike still compare equal.
/// </remarks>
public readonly struct Dim : IEquatable<Dim>
{
    private readonly bool _specified;

    private Dim(long coefficient, string? symbol, long offset)
    {
        _specified = true;
        Coefficient = symbol is null ? 0 : coefficient;
        Symbol = coefficient == 0 ? null : symbol;
        Offset = offset;
    }

    /// <summary>The factor of <see cref="Symbol"/>; 0 for a known or unknown dimension.</summary>
    public long Coefficient { get; }

    /// <summary>The symbol's name, or null for a known or unknown dimension.</summary>
    public string? Symbol { get; }

    /// <summary>The constant term; the whole number for a known dimension.</summary>
    public long Offset { get; }

    /// <summary>A dimension nothing is known about.</summary>
    public static Dim Unknown => default;

    /// <summary>True for a number.</summary>
    public bool IsKnown => _specified && Symbol is null;

    /// <summary>True when nothing is known.</summary>
    public bool IsUnknown => !_specified;

    /// <summary>True for an expression over a symbol.</summary>
    public bool IsSymbolic => Symbol is not null;

    /// <summary>The number of a known dimension.</summary>
    /// <exception cref="InvalidOperationException">The dimension is symbolic or unknown.</exception>
    public long Value => IsKnown ? Offset : throw new InvalidOperationException($"Dimension '{this}' is not a known number.");

    /// <summary>A known dimension.</summary>
    public static Dim Known(long value) => new(0, null, value);

    /// <summary>A symbolic dimension, <paramref name="coefficient"/> times <paramref name="name"/> plus <paramref name="offset"/>.</summary>
    public static Dim Of(string name, long coefficient = 1, long offset = 0) => new(coefficient, name, offset);

    /// <summary>
    /// Reads the text of an ONNX <c>dim_param</c>: the linear form that <see cref="ToString"/> prints, else an opaque symbol.
    /// </summary>
    public static Dim Parse(string text)
    {
        var linear = ParseLinear(text);
        // Only a text that prints back identically is taken apart: names in files must survive unchanged.
        return linear.ToString() == text ? linear : Of(text);
    }

    private static Dim ParseLinear(string text)
    {
        var star = text.IndexOf('*');
        long coefficient = 1;
        var rest = text;
        if (star > 0 && long.TryParse(text.AsSpan(0, star), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var c))
        {
            coefficient = c;
            rest = text[(star + 1)..];
        }

        var sign = rest.LastIndexOfAny(['+', '-']);
        long offset = 0;
        if (sign > 0 && long.TryParse(rest.AsSpan(sign), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var o))
        {
            offset = o;
            rest = rest[..sign];
        }

        var opaque = rest.Length == 0 || (rest.AsSpan().IndexOfAny("*+- ") >= 0 && rest[0] != '(');
        return opaque ? Of(text) : Of(rest, coefficient, offset);
    }

    /// <summary>The sum of two dimensions; two different symbols make a new opaque one.</summary>
    public static Dim operator +(Dim a, Dim b)
    {
        if (a.IsUnknown || b.IsUnknown)
            return Unknown;
        if (a.Symbol is null || b.Symbol is null || a.Symbol == b.Symbol)
            return new Dim(a.Coefficient + b.Coefficient, a.Symbol ?? b.Symbol, a.Offset + b.Offset);
        return Of($"({a} + {b})");
    }

    /// <summary>The difference of two dimensions.</summary>
    public static Dim operator -(Dim a, Dim b)
    {
        if (a.IsUnknown || b.IsUnknown)
            return Unknown;
        if (a.Symbol is null || b.Symbol is null || a.Symbol == b.Symbol)
            return new Dim(a.Coefficient - b.Coefficient, a.Symbol ?? b.Symbol, a.Offset - b.Offset);
        return Of($"({a} - {b})");
    }

    /// <summary>The product of two dimensions; two symbolic factors make a new opaque symbol.</summary>
    public static Dim operator *(Dim a, Dim b)
    {
        if (a.IsUnknown || b.IsUnknown)
            return Unknown;
        if (a.IsKnown)
            (a, b) = (b, a);
        return b.IsKnown ? new Dim(a.Coefficient * b.Offset, a.Symbol, a.Offset * b.Offset) : Of($"({a} * {b})");
    }

    /// <summary>A known dimension from a number.</summary>
    public static implicit operator Dim(long value) => Known(value);

    /// <summary>Divides without a remainder; false when a remainder can't be ruled out.</summary>
    public bool TryDivide(long divisor, out Dim quotient)
    {
        var exact = !IsUnknown && divisor > 0 && Coefficient % divisor == 0 && Offset % divisor == 0;
        quotient = exact ? new Dim(Coefficient / divisor, Symbol, Offset / divisor) : Unknown;
        return exact;
    }

    /// <summary>Division rounded down. Exact where the symbol's coefficient divides; else a new opaque symbol.</summary>
    public Dim FloorDivide(long divisor)
    {
        if (IsUnknown)
            return Unknown;
        return Coefficient % divisor == 0
            ? new Dim(Coefficient / divisor, Symbol, FloorDiv(Offset, divisor))
            : Of($"floor(({this})/{divisor.ToString(CultureInfo.InvariantCulture)})");
    }

    /// <summary>Division rounded up.</summary>
    public Dim CeilDivide(long divisor) => (this + (divisor - 1)).FloorDivide(divisor);

    /// <summary>The number this dimension has when its symbol has the given value; null when unknown or over another symbol.</summary>
    public long? Evaluate(IReadOnlyDictionary<string, long> symbols)
    {
        if (IsUnknown)
            return null;
        if (Symbol is null)
            return Offset;
        return symbols.TryGetValue(Symbol, out var value) ? Coefficient * value + Offset : null;
    }

    /// <inheritdoc/>
    public bool Equals(Dim other) =>
        _specified == other._specified && Coefficient == other.Coefficient && Offset == other.Offset && Symbol == other.Symbol;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dim other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_specified, Coefficient, Offset, Symbol);

    /// <summary>Equality of expression; two unknown dimensions compare equal, so ask <see cref="IsUnknown"/> first where it matters.</summary>
    public static bool operator ==(Dim a, Dim b) => a.Equals(b);

    /// <summary>Inequality of expression.</summary>
    public static bool operator !=(Dim a, Dim b) => !a.Equals(b);

    /// <summary><c>?</c>, <c>48</c>, <c>height</c> or <c>2*height+1</c>.</summary>
    public override string ToString()
    {
        if (IsUnknown)
            return "?";
        if (Symbol is null)
            return Offset.ToString(CultureInfo.InvariantCulture);
        var text = Coefficient == 1 ? Symbol : string.Create(CultureInfo.InvariantCulture, $"{Coefficient}*{Symbol}");
        return Offset == 0 ? text : text + Offset.ToString("+0;-0", CultureInfo.InvariantCulture);
    }

    private static long FloorDiv(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);
}
