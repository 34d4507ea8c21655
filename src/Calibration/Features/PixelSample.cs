namespace MsSrConvert.Calibration.Features;

/// <summary>Pixels of a plane that stand for all of it.</summary>
internal sealed class PixelSample
{
    // Steps of the plane-filling sequence by powers of the plastic number: any run of it lies evenly.
    private const double StepY = 0.7548776662466927;
    private const double StepX = 0.5698402909980532;

    private PixelSample(int[] rows, int[] columns, int height, int width) =>
        (Rows, Columns, Height, Width) = (rows, columns, height, width);

    /// <summary>The row of every pixel.</summary>
    public int[] Rows { get; }

    /// <summary>The column of every pixel.</summary>
    public int[] Columns { get; }

    /// <summary>The plane's height.</summary>
    public int Height { get; }

    /// <summary>The plane's width.</summary>
    public int Width { get; }

    /// <summary>How many pixels.</summary>
    public int Count => Rows.Length;

    /// <summary>All pixels of a plane, in order.</summary>
    public static PixelSample All(int height, int width) =>
        new([.. Enumerable.Range(0, height * width).Select(i => i / width)],
            [.. Enumerable.Range(0, height * width).Select(i => i % width)], height, width);

    /// <summary>Pixels spread evenly over a plane; all there are where that isn't more. Borders belong to it: only there padding
    /// tells the places of a kernel apart where features hardly vary.</summary>
    /// <param name="height">The plane's height.</param>
    /// <param name="width">The plane's width.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">Where in the sequence to begin, so that samples differ.</param>
    public static PixelSample Spread(int height, int width, int count, int start)
    {
        if (count >= height * width)
            return All(height, width);
        int At(int i, double step, int side) => (int)((start + i + 1) * step % 1 * side);
        return new PixelSample(
            [.. Enumerable.Range(0, count).Select(i => At(i, StepY, height))],
            [.. Enumerable.Range(0, count).Select(i => At(i, StepX, width))], height, width);
    }

    /// <summary>The values of planes at the pixels, as planes of one row.</summary>
    public Planar Of(Planar planes)
    {
        var result = new Planar(planes.Count, 1, Count);
        Parallel.For(0, planes.Count, p =>
        {
            var source = planes[p];
            var target = result[p];
            for (var i = 0; i < target.Length; i++)
                target[i] = source[Rows[i] * Width + Columns[i]];
        });
        return result;
    }
}
