using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Upscaling;

/// <summary>A stretch of one axis that is computed at a time.</summary>
/// <param name="Start">The first pixel that is kept.</param>
/// <param name="Length">How many are kept.</param>
/// <param name="InputStart">The first pixel that is fed in; before 0 where the image is continued.</param>
/// <param name="InputLength">How many are fed in.</param>
internal readonly record struct TileSpan(int Start, int Length, int InputStart, int InputLength);

/// <summary>What a network asks of the stretches of one axis, in pixels of its input.</summary>
/// <param name="Tile">The length fed in at a time, without <paramref name="Margin"/>.</param>
/// <param name="Overlap">Pixels computed twice on each side of an inner border.</param>
/// <param name="Margin">Pixels a network without padding takes away on each side.</param>
/// <param name="Alignment">Starts are multiples of this.</param>
/// <param name="Multiple">Lengths are multiples of this.</param>
/// <param name="Minimum">The least length.</param>
/// <param name="Fixed">The only length, or null.</param>
internal sealed record TileRules(int Tile, int Overlap, int Margin, int Alignment, int Multiple, int Minimum, int? Fixed);

/// <summary>Cuts an axis into tiles.</summary>
internal static class TilePlan
{
    /// <summary>The stretches of an axis, in order; together they keep every pixel once.</summary>
    /// <exception cref="MsSrException">The overlap leaves nothing of a tile (MSSR3405).</exception>
    public static IReadOnlyList<TileSpan> Cut(int size, TileRules rules)
    {
        var usable = rules.Fixed is { } only ? only - 2 * rules.Margin : rules.Tile;
        if (size <= usable)
            return [Feed(0, size, -rules.Margin, size + rules.Margin, size, rules)];
        var overlap = Multiples.RoundUp(rules.Overlap, rules.Alignment);
        var step = (usable - 2 * overlap) / rules.Alignment * rules.Alignment;
        if (step < 1)
        {
            throw new MsSrException(new Diagnostic("MSSR3405", Severity.Error,
                $"Tiles of {usable} pixels are too small for an overlap of {overlap} on each side.", null,
                "Take larger tiles or less overlap."));
        }

        var spans = new List<TileSpan>();
        for (var start = 0; start < size;)
        {
            // The first tile and the last have no neighbour on one side and keep more.
            var kept = spans.Count == 0 ? step + overlap : step;
            var end = start + kept + overlap >= size ? size : start + kept;
            var from = Math.Max(0, start - overlap);
            var to = Math.Min(size, end + overlap);
            spans.Add(Feed(start, end - start, from - rules.Margin, to + rules.Margin, size, rules));
            start = end;
        }

        return spans;
    }

    private static TileSpan Feed(int start, int length, int from, int to, int size, TileRules rules)
    {
        var wanted = rules.Fixed
            ?? Math.Max(Multiples.RoundUp(to - from, rules.Multiple), Multiples.RoundUp(rules.Minimum, rules.Multiple));
        if (rules.Fixed is not null)
        {
            // A fixed window is pushed back into the image where it would reach over the end.
            from = Math.Max(Math.Min(from, size + rules.Margin - wanted), -rules.Margin);
        }

        return new TileSpan(start, length, from, wanted);
    }
}
