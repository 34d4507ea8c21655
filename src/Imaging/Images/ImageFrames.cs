using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Images;

/// <summary>
/// The frames of an image file: one of most files, several of an animated WebP or a TIFF file of many pages. They are opened one
/// at a time.
/// </summary>
public sealed class ImageFrames
{
    private readonly string _path;
    private readonly ImageReading? _reading;
    private readonly (int, bool, int) _kind;

    private ImageFrames(string path, ImageReading? reading, ImageReader first)
    {
        (_path, _reading) = (path, reading);
        (Count, Width, Height) = (first.FramesInFile, first.Width, first.Height);
        _kind = KindOf(first);
        (Delays, Loop) = (first.Delays, first.Loop);
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Columns of each.</summary>
    public int Width { get; }

    /// <summary>Rows of each.</summary>
    public int Height { get; }

    /// <summary>How long each is shown, in milliseconds; null where the file doesn't say.</summary>
    public IReadOnlyList<int>? Delays { get; }

    /// <summary>How often an animation is played, 0 for ever.</summary>
    public int Loop { get; }

    /// <summary>Reads a file's head.</summary>
    /// <exception cref="MsSrException">
    /// The file is missing or no image that is handled (MSSR1201), or it is too large (MSSR1209, MSSR1211).
    /// </exception>
    public static ImageFrames Of(string path, ImageReading? reading = null)
    {
        using var first = ImageReader.OpenFrame(path, 0, reading);
        return new ImageFrames(path, reading, first);
    }

    /// <summary>Opens a frame; the caller closes it.</summary>
    /// <exception cref="MsSrException">
    /// It is damaged (MSSR1201), or of another size or kind than the first (MSSR1208).
    /// </exception>
    public ImageReader Open(int frame)
    {
        var reader = ImageReader.OpenFrame(_path, frame, _reading);
        var how = (reader.Width, reader.Height) != (Width, Height)
            ? $"has {reader.Width}×{reader.Height} pixels and the first {Width}×{Height}"
            : KindOf(reader) != _kind ? "has other channels or another bit depth than the first" : null;
        if (how is null)
            return reader;
        reader.Dispose();
        throw FrameErrors.Unlike(_path, frame, Count, how);
    }

    private static (int Colours, bool Alpha, int Bits) KindOf(ImageReader reader) =>
        (reader.ColourChannels, reader.HasAlpha, reader.Bits);
}
