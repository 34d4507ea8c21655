namespace MsSrConvert.GraphIR;

/// <summary>
/// What the opaque symbols of a <see cref="Dim"/> are made of; for code that writes a size as nodes or looks at how it grows.
/// </summary>
internal static class DimParts
{
    /// <summary>Takes <c>floor((E)/d)</c> apart; false for every other symbol.</summary>
    /// <param name="symbol">A symbol of <see cref="Dim.Terms"/>.</param>
    /// <param name="dividend">The expression E.</param>
    /// <param name="divisor">The divisor d, positive.</param>
    public static bool TryFloor(string symbol, out Dim dividend, out long divisor) =>
        DimSymbols.TryFloor(symbol, out dividend, out divisor);

    /// <summary>The factors of a product such as <c>h*w</c>; the symbol alone where it is none.</summary>
    public static IReadOnlyList<string> Factors(string symbol) => DimSymbols.Factors(symbol);

    /// <summary>
    /// True when the expression is proven not to shrink while its symbols grow: every coefficient is positive, inside roundings
    /// too.
    /// </summary>
    public static bool IsMonotone(Dim dim) =>
        !dim.IsUnknown && dim.Terms.All(term => term.Coefficient > 0 && IsMonotone(term.Symbol));

    private static bool IsMonotone(string symbol) => TryFloor(symbol, out var dividend, out _)
        ? IsMonotone(dividend)
        : Factors(symbol) is [_] || Factors(symbol).All(IsMonotone);
}
