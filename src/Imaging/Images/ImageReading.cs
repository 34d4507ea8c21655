using System.Globalization;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Images;

/// <summary>How image files are opened: how large they may be, and who is told of what is no error.</summary>
public sealed record ImageReading
{
    // The image library unpacks larger ones to a temporary file.
    private const long LargestInMemory = 100_000_000;

    /// <summary>The usual limit, without anyone to tell.</summary>
    public static ImageReading Default { get; } = new();

    /// <summary>Pixels that a file may have, all its frames together. What a file says of its size costs it nothing.</summary>
    public long MaxPixels { get; init; } = 1_000_000_000;

    /// <summary>Told of images that are damaged or left out.</summary>
    public Action<Diagnostic>? Warn { get; init; }

    /// <summary>True for a message that concerns one image and says nothing of others.</summary>
    public static bool IsBadImage(MsSrException error) => error.Diagnostic.Id.StartsWith("MSSR12", StringComparison.Ordinal);

    /// <summary>Tells that an image is left out.</summary>
    public void LeaveOut(MsSrException error) => Warn?.Invoke(error.Diagnostic with
    {
        Severity = Severity.Warning,
        Hint = "The image is left out.",
    });

    /// <summary>Refuses an image that is too large, before anything of it is decoded.</summary>
    /// <exception cref="MsSrException">It has too many pixels (MSSR1209), or there is no space to unpack it (MSSR1211).</exception>
    internal void Require(string path, int width, int height, int frames, int bytesPerPixel)
    {
        var pixels = (long)width * height;
        if (pixels > MaxPixels / frames)
        {
            throw new MsSrException(new Diagnostic("MSSR1209", Severity.Error, string.Create(CultureInfo.InvariantCulture,
                $"It says it has {width}×{height} pixels{(frames > 1 ? $" in {frames} frames" : "")}; {MaxPixels:N0} are read at the most."),
                path, "If that is right, allow more with --max-pixels."));
        }

        var bytes = pixels > long.MaxValue / bytesPerPixel ? long.MaxValue : pixels * bytesPerPixel;
        if (bytes <= LargestInMemory)
            return;
        try
        {
            TemporaryFile.RequireSpace(Path.GetTempPath(), bytes);
        }
        catch (IOException e)
        {
            throw new MsSrException(new Diagnostic("MSSR1211", Severity.Error, $"It can't be unpacked. {e.Message}", path,
                "Make space, or name another folder with the environment variable TMPDIR."), e);
        }
    }
}
