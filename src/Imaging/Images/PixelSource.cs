namespace MsSrConvert.Imaging.Images;

/// <summary>An image that is read part by part: from memory, or from a file too large for it.</summary>
internal abstract class PixelSource
{
    // Reach of the bicubic kernel, and one more against rounding.
    private const int BicubicContext = 3;

    /// <summary>Columns.</summary>
    public abstract int Width { get; }

    /// <summary>Rows.</summary>
    public abstract int Height { get; }

    /// <summary>1 or 3.</summary>
    public abstract int ColourChannels { get; }

    /// <summary>True when an alpha channel stands behind the colours.</summary>
    public abstract bool HasAlpha { get; }

    /// <summary>A part that lies within the image, alpha included.</summary>
    public abstract Planes Read(int x, int y, int width, int height);

    /// <summary>An image in memory.</summary>
    public static PixelSource Of(Planes image) => new MemorySource(image);

    /// <summary>An image file.</summary>
    public static PixelSource Of(ImageReader reader) => new FileSource(reader);

    /// <summary>The same with the colours of wholly transparent pixels taken from the nearest visible one.</summary>
    /// <param name="sight">How far around a visible pixel that has to hold, in pixels.</param>
    public PixelSource WithVisibleColours(int sight) => HasAlpha ? new VisibleSource(this, sight) : this;

    /// <summary>
    /// A part of the bicubic enlargement by <paramref name="factor"/>, the same as if all of it had been enlarged.
    /// </summary>
    public Planes ReadEnlarged(int x, int y, int width, int height, int factor)
    {
        if (factor == 1)
            return Read(x, y, width, height);
        var (left, top) = (Math.Max(0, x / factor - BicubicContext), Math.Max(0, y / factor - BicubicContext));
        var right = Math.Min(Width, (x + width + factor - 1) / factor + BicubicContext);
        var bottom = Math.Min(Height, (y + height + factor - 1) / factor + BicubicContext);
        var large = BicubicResize.Upscale(Read(left, top, right - left, bottom - top), factor);
        return large.Crop(x - left * factor, y - top * factor, width, height);
    }

    /// <summary>A part of the enlargement that may reach over its edges, where it is mirrored.</summary>
    public Planes ReadMirrored(int x, int y, int width, int height, int factor)
    {
        var (wide, high) = (Width * factor, Height * factor);
        // Mirrored pixels come from within as many pixels of the edge as lie beyond it.
        var left = Math.Clamp(Math.Min(x, wide - Overhang(x + width - wide)), 0, wide - 1);
        var top = Math.Clamp(Math.Min(y, high - Overhang(y + height - high)), 0, high - 1);
        var right = Math.Clamp(Math.Max(x + width, Overhang(-x)), 1, wide);
        var bottom = Math.Clamp(Math.Max(y + height, Overhang(-y)), 1, high);
        var inside = ReadEnlarged(left, top, right - left, bottom - top, factor);
        if (left == x && top == y && right == x + width && bottom == y + height)
            return inside;
        var result = new Planes(inside.Channels, height, width);
        var columns = Enumerable.Range(x, width).Select(i => Planes.Mirror(i, wide) - left).ToArray();
        for (var c = 0; c < inside.Channels; c++)
        {
            for (var row = 0; row < height; row++)
            {
                var source = inside[c].AsSpan((Planes.Mirror(y + row, high) - top) * inside.Width, inside.Width);
                var target = result[c].AsSpan(row * width, width);
                for (var i = 0; i < width; i++)
                    target[i] = source[columns[i]];
            }
        }

        return result;
    }

    private static int Overhang(int beyond) => beyond > 0 ? beyond + 1 : 0;

    private sealed class MemorySource(Planes image) : PixelSource
    {
        public override int Width => image.Width;

        public override int Height => image.Height;

        public override int ColourChannels => image.Channels >= 3 ? 3 : 1;

        public override bool HasAlpha => image.Channels is 2 or 4;

        public override Planes Read(int x, int y, int width, int height) => image.Crop(x, y, width, height);
    }

    // A pixel that is seen from a visible one lies no further from its nearest: a margin of that width is enough for all parts to
    // agree.
    private sealed class VisibleSource(PixelSource source, int sight) : PixelSource
    {
        public override int Width => source.Width;

        public override int Height => source.Height;

        public override int ColourChannels => source.ColourChannels;

        public override bool HasAlpha => true;

        public override Planes Read(int x, int y, int width, int height)
        {
            var (left, top) = (Math.Max(0, x - sight), Math.Max(0, y - sight));
            var (right, bottom) = (Math.Min(Width, x + width + sight), Math.Min(Height, y + height + sight));
            return VisibleColours.Spread(source.Read(left, top, right - left, bottom - top)).Crop(x - left, y - top, width,
                height);
        }
    }

    private sealed class FileSource(ImageReader reader) : PixelSource
    {
        public override int Width => reader.Width;

        public override int Height => reader.Height;

        public override int ColourChannels => reader.ColourChannels;

        public override bool HasAlpha => reader.HasAlpha;

        public override Planes Read(int x, int y, int width, int height) => reader.Read(x, y, width, height);
    }
}
