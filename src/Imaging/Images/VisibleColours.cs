namespace MsSrConvert.Imaging.Images;

/// <summary>
/// Under full transparency files hold any colours, black mostly, which networks and interpolation would draw into the edges of
/// what is visible. Such pixels take the colour of the visible pixel nearest to them.
/// </summary>
internal static class VisibleColours
{
    private const int None = -1;

    /// <summary>
    /// The image with the colours of all wholly transparent pixels replaced; alpha stays. Itself where there are none, or only
    /// such.
    /// </summary>
    /// <param name="image">Colours, then alpha.</param>
    public static Planes Spread(Planes image)
    {
        var colours = image.Channels - 1;
        var alpha = image[colours];
        if (!alpha.Contains(0f) || !alpha.Any(a => a > 0))
            return image;
        var nearest = Nearest(alpha, image.Width, image.Height);
        var result = new Planes(image.Channels, image.Height, image.Width);
        for (var c = 0; c < colours; c++)
        {
            for (var i = 0; i < nearest.Length; i++)
                result[c][i] = image[c][nearest[i]];
        }

        alpha.CopyTo(result[colours].AsSpan());
        return result;
    }

    // For every pixel the place of the nearest visible one, by straight distance: first along each column, then along the rows
    // over the lower envelope of the columns' parabolas (Meijster and others, 2000).
    private static int[] Nearest(float[] alpha, int width, int height)
    {
        var rows = new int[alpha.Length];
        for (var x = 0; x < width; x++)
            NearestInColumn(alpha, rows, x, width, height);
        var result = new int[alpha.Length];
        var distance = new long[width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                distance[x] = rows[y * width + x] is var row and not None ? (long)(row - y) * (row - y) : long.MaxValue;
            NearestInRow(distance, x => rows[y * width + x] * width + x, result.AsSpan(y * width, width));
        }

        return result;
    }

    private static void NearestInColumn(float[] alpha, int[] rows, int x, int width, int height)
    {
        var above = None;
        for (var y = 0; y < height; y++)
        {
            if (alpha[y * width + x] > 0)
                above = y;
            rows[y * width + x] = above;
        }

        var below = None;
        for (var y = height - 1; y >= 0; y--)
        {
            ref var row = ref rows[y * width + x];
            if (row == y)
                below = y;
            else if (below != None && (row == None || below - y < y - row))
                row = below;
        }
    }

    private static void NearestInRow(ReadOnlySpan<long> distance, Func<int, int> place, Span<int> result)
    {
        var (columns, starts, top) = (new int[result.Length], new int[result.Length], -1);
        for (var x = 0; x < distance.Length; x++)
        {
            if (distance[x] == long.MaxValue)
                continue;
            while (top >= 0 && At(distance, columns[top], starts[top]) > At(distance, x, starts[top]))
                top--;
            var start = top < 0 ? 0 : 1 + (int)Math.Min(distance.Length, Meeting(distance, columns[top], x));
            if (start >= distance.Length)
                continue;
            top++;
            (columns[top], starts[top]) = (x, start);
        }

        for (var x = distance.Length - 1; x >= 0; x--)
        {
            result[x] = place(columns[top]);
            if (x == starts[top])
                top--;
        }
    }

    private static long At(ReadOnlySpan<long> distance, int column, int x) =>
        distance[column] + (long)(x - column) * (x - column);

    // The last place where the left column is as near as the right one.
    private static long Meeting(ReadOnlySpan<long> distance, int left, int right) =>
        ((long)right * right - (long)left * left + distance[right] - distance[left]) / (2L * (right - left));
}
