using System.Globalization;
using System.Numerics;

namespace MsSrConvert.GraphIR;

/// <summary>
/// The The names of opaque symbols of <see cref="Dim"/> and what can still be known of them: <c>floor((E)/d)</c> for rounding
/// divisions and <c>a*b</c> for products. Each has one normal form, so that sizes computed along different paths compare equal.
/// </summary>
internal static class DimSymbols
{
    private const string FloorStart = "floor((";

    /// <summary>
    /// <c>floor(dividend / divisor)</c> with everything that divides taken out of the rounding, the offset reduced, the leading
    /// sign positive and nested roundings joined.
    /// </summary>
    public static Dim Floor(Dim dividend, long divisor)
    {
        var whole = Dim.Known(0);
        var rest = Dim.Known(0);
        foreach (var (symbol, coefficient) in dividend.Terms)
        {
            whole += Dim.Of(symbol, coefficient / divisor);
            rest += Dim.Of(symbol, coefficient % divisor);
        }

        // floor(-r/d) is -ceil(r/d): without one leading sign, -floor(-h/8) and floor((h+7)/8) would not compare equal.
        if (rest.IsSymbolic && rest.Terms[0].Coefficient < 0)
            return whole - Floor(-1 * (rest + dividend.Offset) + (divisor - 1), divisor);
        var quotient = Math.DivRem(dividend.Offset, divisor, out var offset);
        if (offset < 0)
            (quotient, offset) = (quotient - 1, offset + divisor);
        whole += quotient;
        return rest.IsKnown ? whole : whole + Round(rest, offset, divisor);
    }

    private static Dim Round(Dim terms, long offset, long divisor)
    {
        var common = terms.Terms.Aggregate(divisor, (g, t) => Gcd(g, Math.Abs(t.Coefficient)));
        if (common > 1 && terms.TryDivide(common, out var reduced))
            return Floor(reduced + offset / common, divisor / common);
        if (terms.Terms is [(var inner, 1)] && TryFloor(inner, out var nested, out var by))
            return Floor(nested + offset * by, by * divisor);
        return Dim.Of($"{FloorStart}{terms + offset})/{divisor.ToString(CultureInfo.InvariantCulture)})");
    }

    /// <summary>The product of two symbolic dimensions, multiplied out; each term's factors stand sorted.</summary>
    public static Dim Product(Dim a, Dim b)
    {
        var sum = a * b.Offset + b * a.Offset - a.Offset * b.Offset;
        foreach (var (left, c) in a.Terms)
        {
            foreach (var (right, d) in b.Terms)
                sum += Dim.Of(Spell([.. Factors(left), .. Factors(right)]), c * d);
        }

        return sum;
    }

    /// <summary>Divides by a symbolic dimension of one term; false when a remainder can't be ruled out.</summary>
    public static bool TryDivide(Dim dividend, Dim divisor, out Dim quotient)
    {
        quotient = Dim.Unknown;
        if (dividend.IsUnknown || dividend.Offset != 0 || divisor.Offset != 0 || divisor.Terms is not [(_, > 0)])
            return false;
        var sum = Dim.Known(0);
        foreach (var (symbol, coefficient) in dividend.Terms)
        {
            var left = Factors(symbol);
            if (!Factors(divisor.Terms[0].Symbol).TrueForAll(left.Remove))
                return false;
            sum += left.Count == 0 ? coefficient : Dim.Of(Spell(left), coefficient);
        }

        return sum.TryDivide(divisor.Terms[0].Coefficient, out quotient);
    }

    /// <summary>The dimension with symbols replaced, inside roundings and products too; others stay.</summary>
    public static Dim Substitute(Dim dim, IReadOnlyDictionary<string, Dim> symbols)
    {
        if (dim.IsUnknown)
            return dim;
        var sum = Dim.Known(dim.Offset);
        foreach (var (symbol, coefficient) in dim.Terms)
            sum += coefficient * Substitute(symbol, symbols);
        return sum;
    }

    private static Dim Substitute(string symbol, IReadOnlyDictionary<string, Dim> symbols)
    {
        if (symbols.TryGetValue(symbol, out var value))
            return value;
        if (TryFloor(symbol, out var inner, out var divisor))
            return Substitute(inner, symbols).FloorDivide(divisor);
        var factors = Factors(symbol);
        return factors.Count == 1
            ? Dim.Of(symbol)
            : factors.Aggregate(Dim.Known(1), (product, factor) => product * Substitute(factor, symbols));
    }

    /// <summary>True when the expression is proven not to be negative for sizes of at least one.</summary>
    public static bool IsNonNegative(Dim dim)
    {
        const int MaxRoundings = 8;
        for (var round = 0; round < MaxRoundings && !dim.IsUnknown; round++)
        {
            if (Smallest(dim) >= 0)
                return true;
            var (symbol, coefficient) = dim.Terms.FirstOrDefault(t => TryFloor(t.Symbol, out _, out _));
            if (symbol is null || !TryFloor(symbol, out var inner, out var divisor))
                return false;
            // (E-d+1)/d <= floor(E/d) <= E/d, whichever makes the expression smaller; scaled by d to stay in integers.
            var bound = coefficient > 0 ? inner - (divisor - 1) : inner;
            dim = (dim - Dim.Of(symbol, coefficient)) * divisor + coefficient * bound;
        }

        return false;
    }

    // A number that the expression doesn't fall below for sizes of at least one; null where its terms, each by itself, prove
    // none.
    private static BigInteger? Smallest(Dim dim)
    {
        if (dim.IsUnknown)
            return null;
        BigInteger? sum = dim.Offset;
        foreach (var (symbol, coefficient) in dim.Terms)
            sum += coefficient > 0 ? coefficient * Smallest(symbol) : null;
        return sum;
    }

    // A rounding division may be 0, and a product is as small as its smallest factor makes it: floor(h/2)*w is 0 at h = 1.
    private static BigInteger? Smallest(string symbol)
    {
        if (TryFloor(symbol, out var inner, out var divisor))
            return Smallest(inner) is { Sign: >= 0 } smallest ? smallest / divisor : null;
        var factors = Factors(symbol);
        if (factors.Count == 1)
            return 1;
        BigInteger? product = 1;
        foreach (var factor in factors)
            product *= Smallest(Dim.Parse(factor)) is { Sign: >= 0 } smallest ? smallest : null;
        return product;
    }

    // Takes floor((E)/d) apart; names in files that only look alike are left alone.
    internal static bool TryFloor(string symbol, out Dim dividend, out long divisor)
    {
        dividend = Dim.Unknown;
        divisor = 0;
        var slash = symbol.LastIndexOf(")/", StringComparison.Ordinal);
        if (!symbol.StartsWith(FloorStart, StringComparison.Ordinal) || slash < FloorStart.Length || symbol[^1] != ')')
            return false;
        var inner = symbol.AsSpan(FloorStart.Length, slash - FloorStart.Length);
        var by = symbol.AsSpan(slash + 2, symbol.Length - slash - 3);
        if (!IsBalanced(inner) || !long.TryParse(by, CultureInfo.InvariantCulture, out divisor) || divisor <= 0)
            return false;
        dividend = Dim.Parse(inner.ToString());
        return true;
    }

    internal static List<string> Factors(string symbol)
    {
        var factors = new List<string>();
        var depth = 0;
        var start = 0;
        for (var i = 0; i < symbol.Length; i++)
        {
            depth += symbol[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth != 0 || symbol[i] != '*' || i == start)
                continue;
            factors.Add(symbol[start..i]);
            start = i + 1;
        }

        if (factors.Count == 0 || start == symbol.Length)
            return [symbol];
        factors.Add(symbol[start..]);
        return factors.ConvertAll(Unwrap);
    }

    private static string Spell(List<string> factors) =>
        string.Join('*', factors.Order(StringComparer.Ordinal).Select(Wrap));

    // A name of a file may itself hold a sign; only then does it need brackets to stay one factor.
    private static string Wrap(string factor) =>
        factor.StartsWith(FloorStart, StringComparison.Ordinal) || factor.AsSpan().IndexOfAny("+-*") < 0 ? factor : $"({factor})";

    private static string Unwrap(string factor) =>
        factor is ['(', .. var inner, ')'] && inner.Length > 0 && IsBalanced(inner) ? inner : factor;

    private static bool IsBalanced(ReadOnlySpan<char> text)
    {
        var depth = 0;
        foreach (var c in text)
        {
            depth += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0)
                return false;
        }

        return depth == 0;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
