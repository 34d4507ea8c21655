using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Training.Data;

/// <summary>An image as 8-bit grey levels, channel after channel: a quarter of the memory of <see cref="Planes"/>.</summary>
internal sealed class ByteImage
{
    private readonly byte[][] _channels;

    /// <summary>Rounds an image.</summary>
    public ByteImage(Planes image)
    {
        (Height, Width) = (image.Height, image.Width);
        _channels = [.. Enumerable.Range(0,
            image.Channels).Select(c => Array.ConvertAll(image[c], v => (byte)Math.Clamp(MathF.Round(v), 0, 255)))];
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>The memory it takes.</summary>
    public long Bytes => (long)_channels.Length * Height * Width;

    /// <summary>A part.</summary>
    public Planes Crop(int x, int y, int width, int height)
    {
        var part = new Planes(_channels.Length, height, width);
        for (var c = 0; c < _channels.Length; c++)
        {
            for (var row = 0; row < height; row++)
            {
                var source = _channels[c].AsSpan((y + row) * Width + x, width);
                var target = part[c].AsSpan(row * width, width);
                for (var i = 0; i < width; i++)
                    target[i] = source[i];
            }
        }

        return part;
    }
}
