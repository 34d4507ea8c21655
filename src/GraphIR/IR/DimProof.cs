namespace MsSrConvert.GraphIR;

/// <summary>
/// Proves inequalities of rounded sizes by cases: with L the product of the divisors, every size h of one and more is L*q + r,
/// and for each remainder r the expression becomes a plain a*q + b. It decides every expression over one symbol; where there are
/// several it says nothing.
/// </summary>
internal static class DimProof
{
    private const long MostCases = 4096;

    // No name of a file holds a blank in front.
    private const string Quotient = " q";

    /// <summary>True when the expression is proven not to be negative for sizes of at least one.</summary>
    public static bool IsNonNegative(Dim dim)
    {
        var symbols = new HashSet<string>();
        if (dim.IsUnknown || Cases(dim, symbols) is not (> 0 and <= MostCases and var cases) || symbols.Count != 1)
            return false;
        for (var remainder = 0L; remainder < cases; remainder++)
        {
            var whole = dim.Substitute(new Dictionary<string, Dim> { [symbols.Single()] = Dim.Of(Quotient, cases, remainder) });
            if (!whole.Terms.All(term => term is (Quotient, > 0)))
                return false;
            // A size without a remainder has a quotient of at least one.
            if (whole.Offset + (remainder == 0 ? whole.Terms.Sum(term => term.Coefficient) : 0) < 0)
                return false;
        }

        return true;
    }

    // How many remainders there are to look at; 0 where the expression holds a product of symbols.
    private static long Cases(Dim dim, HashSet<string> symbols)
    {
        var cases = 1L;
        foreach (var (symbol, _) in dim.Terms)
        {
            var own = 1L;
            if (DimSymbols.TryFloor(symbol, out var dividend, out var divisor))
                own = Math.Min(Cases(dividend, symbols), MostCases + 1) * Math.Min(divisor, MostCases + 1);
            else if (DimSymbols.Factors(symbol).Count == 1)
                symbols.Add(symbol);
            else
                return 0;
            if (own == 0)
                return 0;
            cases = Math.Min(cases / Gcd(cases, own) * own, MostCases + 1);
        }

        return cases;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
