using System.Runtime.InteropServices;
using MsSrConvert.GraphIR;
using NetVips;

namespace MsSrConvert.Imaging.Images;

/// <summary>What an image is written as.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows of a frame.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 colour, 4 colour and alpha.</param>
/// <param name="Bits">8 or 16 per channel.</param>
public sealed record ImageLayout(int Width, int Height, int Channels, int Bits)
{
    /// <summary>JPEG and WebP quality, 1..100.</summary>
    public int Quality { get; init; } = 95;

    /// <summary>A colour profile to put in, or null.</summary>
    public byte[]? ColourProfile { get; init; }

    /// <summary>How many frames the file holds.</summary>
    public int Frames { get; init; } = 1;

    /// <summary>How long each frame is shown, in milliseconds; null to leave it to the format.</summary>
    public IReadOnlyList<int>? Delays { get; init; }

    /// <summary>How often an animation is played, 0 for ever.</summary>
    public int Loop { get; init; }
}

/// <summary>
/// Writes an image part by part. The pixels wait in a raw file beside the target; <see cref="Finish"/> encodes them into a second
/// temporary file and renames that, so that the target is there whole or not at all and memory doesn't grow with the image.
/// </summary>
public sealed class ImageWriter : IDisposable
{
    // What the encoded image takes beside the pixels, at a guess.
    private const double EncodedShare = 0.5;
    private readonly string _path;
    private readonly string _target;
    private readonly ImageFormat _format;
    private readonly ImageLayout _layout;
    private readonly TemporaryFile _pixels;
    private long _written;

    private ImageWriter(string path, ImageFormat format, ImageLayout layout)
    {
        (_path, _format, _layout) = (path, format, layout);
        AtomicFile.RequireReplaceable(path);
        _target = FilePlace.Target(path);
        Directory.CreateDirectory(Path.GetDirectoryName(_target)!);
        var bytes = (long)layout.Width * layout.Height * layout.Frames * PixelBytes;
        _pixels = new TemporaryFile(_target, bytes + (long)(bytes * EncodedShare));
    }

    private long PixelBytes => _layout.Channels * (_layout.Bits / 8);

    /// <summary>Begins an image; the extension chooses the format.</summary>
    /// <exception cref="MsSrException">The extension stands for no format, or the format can't hold the layout (MSSR3402) or
    /// several frames (MSSR1208); the folder can't be written to (MSSR1202).</exception>
    public static ImageWriter Create(string path, ImageLayout layout)
    {
        var format = ImageFormat.ForWriting(path);
        if (layout.Bits > format.MaxBits || (layout.Channels is 2 or 4 && !format.Alpha))
        {
            throw new MsSrException(new Diagnostic("MSSR3402", Severity.Error,
                $"{format.Name} can't hold {layout.Channels} channels of {layout.Bits} bits.", path, "Use PNG or TIFF."));
        }

        if (layout.Frames > 1 && !format.Frames)
            throw FrameErrors.TooMany(path, layout.Frames, format);
        try
        {
            return new ImageWriter(path, format, layout);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e.Message, e);
        }
    }

    /// <summary>Writes a whole image.</summary>
    /// <exception cref="MsSrException">As <see cref="Create"/>, <see cref="Put"/> and <see cref="Finish"/>.</exception>
    public static void WriteAll(string path, Planes picture, int bits = 8, byte[]? colourProfile = null)
    {
        using var writer = Create(path, new ImageLayout(picture.Width, picture.Height, picture.Channels, bits)
        {
            ColourProfile = colourProfile,
        });
        writer.Put(0, 0, picture);
        writer.Finish();
    }

    /// <summary>
    /// Puts a part in its place in a frame; values are rounded and clipped to the layout's depth. Parts must not overlap.
    /// </summary>
    /// <exception cref="ArgumentException">The part doesn't fit the layout.</exception>
    /// <exception cref="MsSrException">The disk is full or gone (MSSR1202).</exception>
    public void Put(int x, int y, Planes part, int frame = 0)
    {
        if (part.Channels != _layout.Channels || x < 0 || y < 0 || x + part.Width > _layout.Width
            || y + part.Height > _layout.Height
            || frame < 0 || frame >= _layout.Frames)
        {
            throw new ArgumentException($"{part.Channels}x{part.Height}x{part.Width} at {x},{y} doesn't fit {_layout}.",
                nameof(part));
        }

        try
        {
            for (var row = 0; row < part.Height; row++)
            {
                RandomAccess.Write(_pixels.Stream.SafeFileHandle,
                    _layout.Bits == 8
                        ? Row(part, row, byte.MaxValue, v => (byte)v) : Row(part, row, ushort.MaxValue, v => (ushort)v),
                    (((long)frame * _layout.Height + y + row) * _layout.Width + x) * PixelBytes);
            }
        }
        catch (IOException e)
        {
            throw Failed(_path, e.Message, e);
        }

        _written += (long)part.Width * part.Height;
    }

    /// <summary>Encodes the image and puts it in its place.</summary>
    /// <exception cref="InvalidOperationException">Parts are missing.</exception>
    /// <exception cref="MsSrException">The image can't be encoded or written (MSSR1202).</exception>
    public void Finish()
    {
        var pixels = (long)_layout.Width * _layout.Height * _layout.Frames;
        if (_written != pixels)
            throw new InvalidOperationException($"{_written} of {pixels} pixels were written.");
        // Elsewhere the open file is a lock that tells others the image is in work; Windows wouldn't let the encoder read it.
        if (OperatingSystem.IsWindows())
            _pixels.Stream.Dispose();
        VipsSetup.Once();
        try
        {
            Encode(_pixels.Companion);
            File.Move(_pixels.Companion, _target, overwrite: true);
        }
        catch (Exception e) when (e is VipsException or IOException or UnauthorizedAccessException)
        {
            throw Failed(_path, e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' '), e);
        }
    }

    private void Encode(string file)
    {
        var deep = _layout.Bits == 16;
        var colour = _layout.Channels >= 3
            ? deep ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb
            : deep ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw;
        using var raw = Image.Rawload(_pixels.Path, _layout.Width, _layout.Height * _layout.Frames, _layout.Channels,
            format: deep ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar, interpretation: colour);
        using var image = raw.Mutate(Describe);
        if (_format == ImageFormat.Png)
            image.Pngsave(file, compression: 6);
        else if (_format == ImageFormat.Jpeg)
            image.Jpegsave(file, q: _layout.Quality, subsampleMode: Enums.ForeignSubsample.Off);
        else if (_format == ImageFormat.WebP)
            image.Webpsave(file, q: _layout.Quality);
        else
            SaveTiff(image, file);
    }

    private void Describe(MutableImage image)
    {
        if (_layout.ColourProfile is { } profile)
            image.Set(GValue.BlobType, "icc-profile-data", profile);
        if (_layout.Frames == 1)
            return;
        image.Set(GValue.GIntType, "page-height", _layout.Height);
        image.Set(GValue.GIntType, "loop", _layout.Loop);
        if (_layout.Delays is { } delays)
            image.Set(GValue.ArrayIntType, "delay", delays.ToArray());
    }

    private void SaveTiff(Image image, string file)
    {
        const long classicLimit = 4_000_000_000;
        var size = (long)_layout.Width * _layout.Height * _layout.Frames * PixelBytes;
        image.Tiffsave(file, compression: Enums.ForeignTiffCompression.Deflate,
            predictor: Enums.ForeignTiffPredictor.Horizontal, bigtiff: size > classicLimit);
    }

    private static ReadOnlySpan<byte> Row<T>(Planes rows, int y, float most, Func<float, T> convert) where T : unmanaged
    {
        var line = new T[rows.Width * rows.Channels];
        for (var c = 0; c < rows.Channels; c++)
        {
            var source = rows[c].AsSpan(y * rows.Width, rows.Width);
            for (int x = 0, at = c; x < source.Length; x++, at += rows.Channels)
                line[at] = convert(MathF.Round(Math.Clamp(source[x] * (most / 255), 0, most), MidpointRounding.AwayFromZero));
        }

        return MemoryMarshal.AsBytes(line.AsSpan());
    }

    private static MsSrException Failed(string path, string why, Exception inner) =>
        new(new Diagnostic("MSSR1202", Severity.Error, $"The image can't be written: {why.TrimEnd('.')}.", path), inner);

    /// <summary>Removes the temporary files; without <see cref="Finish"/> nothing of the image is left.</summary>
    public void Dispose() => _pixels.Dispose();
}
