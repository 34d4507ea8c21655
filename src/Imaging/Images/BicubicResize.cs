namespace MsSrConvert.Imaging.Images;

/// <summary>
/// Bicubic resizing as MATLAB's <c>imresize</c> does it, which the super-resolution literature makes its low-resolution images
/// and its reference row with: Keys' kernel with a = -0.5, widened when shrinking, edge pixels repeated, the more shrunk axis
/// first, rows before columns where both shrink alike.
/// </summary>
public static class BicubicResize
{
    /// <summary>Resizes every channel.</summary>
    /// <param name="source">The image.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="asBytes">True to round and clip to 0..255 after each axis, as the reference does with 8-bit images; false, as
    /// it does with floating-point ones, to do neither.</param>
    public static Planes Resize(Planes source, int width, int height, bool asBytes = false)
    {
        var rowsFirst = (double)height / source.Height <= (double)width / source.Width;
        var between = rowsFirst
            ? ResizeColumns(source, Taps.Make(source.Height, height))
            : ResizeRows(source, Taps.Make(source.Width, width));
        if (asBytes)
            between = between.Quantize();
        var result = rowsFirst
            ? ResizeRows(between, Taps.Make(source.Width, width))
            : ResizeColumns(between, Taps.Make(source.Height, height));
        return asBytes ? result.Quantize() : result;
    }

    /// <summary>Enlarges by a whole factor; <paramref name="asBytes"/> as in <see cref="Resize"/>.</summary>
    public static Planes Upscale(Planes source, int factor, bool asBytes = false) =>
        factor == 1 ? source : Resize(source, source.Width * factor, source.Height * factor, asBytes);

    /// <summary>Shrinks by a whole factor, after cropping right and bottom to a multiple of it.</summary>
    public static Planes Downscale(Planes source, int factor, bool asBytes = false)
    {
        var (width, height) = (source.Width / factor, source.Height / factor);
        return factor == 1 ? source : Resize(source.Crop(0, 0, width * factor, height * factor), width, height, asBytes);
    }

    private static Planes ResizeColumns(Planes source, Taps taps)
    {
        var width = source.Width;
        var result = new Planes(source.Channels, taps.Count, width);
        var sums = new double[width];
        for (var c = 0; c < source.Channels; c++)
        {
            for (var y = 0; y < taps.Count; y++)
            {
                Array.Clear(sums);
                for (var k = 0; k < taps.Width; k++)
                {
                    var weight = taps.Weight(y, k);
                    var row = source[c].AsSpan(taps.Index(y, k) * width, width);
                    for (var x = 0; x < row.Length; x++)
                        sums[x] += weight * row[x];
                }

                for (var x = 0; x < width; x++)
                    result[c][y * width + x] = (float)sums[x];
            }
        }

        return result;
    }

    private static Planes ResizeRows(Planes source, Taps taps)
    {
        var result = new Planes(source.Channels, source.Height, taps.Count);
        for (var c = 0; c < source.Channels; c++)
        {
            for (var y = 0; y < source.Height; y++)
            {
                var row = source[c].AsSpan(y * source.Width, source.Width);
                for (var x = 0; x < taps.Count; x++)
                {
                    var sum = 0.0;
                    for (var k = 0; k < taps.Width; k++)
                        sum += taps.Weight(x, k) * row[taps.Index(x, k)];
                    result[c][y * taps.Count + x] = (float)sum;
                }
            }
        }

        return result;
    }

    /// <summary>For each output position along one axis: which inputs count, and how much.</summary>
    private sealed class Taps
    {
        private readonly int[] _indices;
        private readonly double[] _weights;

        private Taps(int count, int width)
        {
            Count = count;
            Width = width;
            _indices = new int[count * width];
            _weights = new double[count * width];
        }

        public int Count { get; }

        public int Width { get; }

        public int Index(int position, int tap) => _indices[position * Width + tap];

        public double Weight(int position, int tap) => _weights[position * Width + tap];

        public static Taps Make(int from, int to)
        {
            var scale = (double)to / from;
            // Shrinking stretches the kernel, so that it also takes out what the smaller grid can't hold.
            var stretch = Math.Min(scale, 1);
            var support = 4 / stretch;
            var taps = new Taps(to, (int)Math.Ceiling(support) + 2);
            for (var i = 0; i < to; i++)
            {
                var centre = (i + 0.5) / scale - 0.5;
                var first = (int)Math.Floor(centre - support / 2);
                var sum = 0.0;
                for (var k = 0; k < taps.Width; k++)
                {
                    var weight = Kernel((centre - first - k) * stretch);
                    taps._indices[i * taps.Width + k] = Math.Clamp(first + k, 0, from - 1);
                    taps._weights[i * taps.Width + k] = weight;
                    sum += weight;
                }

                for (var k = 0; k < taps.Width; k++)
                    taps._weights[i * taps.Width + k] /= sum;
            }

            return taps;
        }

        private static double Kernel(double x)
        {
            x = Math.Abs(x);
            if (x <= 1)
                return (1.5 * x - 2.5) * x * x + 1;
            return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
        }
    }
}
