namespace MsSrConvert.Imaging.Images;

/// <summary>
/// An image, or a part of one, as one array of floats per channel. The unit is the grey level of an 8-bit image (black 0, white
/// 255) whatever the file's depth was; values may lie outside until they are written.
/// </summary>
public sealed class Planes
{
    private readonly float[][] _channels;

    /// <summary>Makes a black image.</summary>
    public Planes(int channels, int height, int width)
        : this([.. Enumerable.Range(0, channels).Select(_ => new float[(long)height * width])], height, width)
    {
    }

    /// <summary>Makes an image over rows of pixels, one array of <paramref name="height"/> times <paramref name="width"/> per
    /// channel.</summary>
    /// <exception cref="ArgumentException">An array has another length.</exception>
    public Planes(float[][] channels, int height, int width)
    {
        if (channels.Any(c => c.Length != (long)height * width))
            throw new ArgumentException($"A channel doesn't have {height}x{width} values.", nameof(channels));
        _channels = channels;
        Height = height;
        Width = width;
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The number of channels.</summary>
    public int Channels => _channels.Length;

    /// <summary>The values of a channel in row-major order.</summary>
    public float[] this[int channel] => _channels[channel];

    /// <summary>One channel as an image of its own; shares the values.</summary>
    public Planes Channel(int index) => new([_channels[index]], Height, Width);

    /// <summary>The first <paramref name="count"/> channels; shares the values.</summary>
    public Planes FirstChannels(int count) => new(_channels[..count], Height, Width);

    /// <summary>The channels of several images of one size, one behind the other; shares the values.</summary>
    public static Planes Join(params IReadOnlyList<Planes> parts) =>
        new([.. parts.SelectMany(p => p._channels)], parts[0].Height, parts[0].Width);

    /// <summary>A copy of a part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part doesn't lie within the image.</exception>
    public Planes Crop(int x, int y, int width, int height)
    {
        if (x < 0 || y < 0 || width < 0 || height < 0 || x + width > Width || y + height > Height)
            throw new ArgumentOutOfRangeException(nameof(x), $"{width}x{height} at {x},{y} is not within {Width}x{Height}.");
        var result = new Planes(Channels, height, width);
        for (var c = 0; c < Channels; c++)
        {
            for (var row = 0; row < height; row++)
                _channels[c].AsSpan((y + row) * Width + x, width).CopyTo(result._channels[c].AsSpan(row * width));
        }

        return result;
    }

    /// <summary>Copies a part of the same number of channels into its place.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part doesn't fit in there.</exception>
    public void Put(int x, int y, Planes part)
    {
        if (x < 0 || y < 0 || x + part.Width > Width || y + part.Height > Height || part.Channels != Channels)
        {
            throw new ArgumentOutOfRangeException(nameof(part),
                $"{part.Width}x{part.Height} at {x},{y} doesn't fit {Width}x{Height}.");
        }

        for (var c = 0; c < Channels; c++)
        {
            for (var row = 0; row < part.Height; row++)
                part._channels[c].AsSpan(row * part.Width, part.Width).CopyTo(_channels[c].AsSpan((y + row) * Width + x));
        }
    }

    /// <summary>
    /// A copy without <paramref name="border"/> pixels on each side; the image itself where nothing would be left.
    /// </summary>
    public Planes CropBorder(int border) => border == 0 || Width <= 2 * border || Height <= 2 * border
        ? this
        : Crop(border, border, Width - 2 * border, Height - 2 * border);

    /// <summary>A copy with every value passed through a function.</summary>
    public Planes Map(Func<float, float> change) =>
        new([.. _channels.Select(c => Array.ConvertAll(c, v => change(v)))], Height, Width);

    /// <summary>A copy as an 8-bit file would hold it: rounded (halves away from 0) and clipped to 0..255.</summary>
    public Planes Quantize() => Map(v => MathF.Round(Math.Clamp(v, 0f, 255f), MidpointRounding.AwayFromZero));

    /// <summary>Where the pixel <paramref name="at"/>, which may lie outside, is found in a row of <paramref name="count"/> that
    /// is continued by mirrors on both sides, the edge pixels themselves not repeated.</summary>
    internal static int Mirror(int at, int count)
    {
        if (count == 1)
            return 0;
        var period = 2 * (count - 1);
        var folded = ((at % period) + period) % period;
        return folded < count ? folded : period - folded;
    }
}
