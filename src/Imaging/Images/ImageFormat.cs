using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Images;

/// <summary>A file format images are read from and written to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extensions">Its file extensions in lower case, with the dot.</param>
/// <param name="MaxBits">Most bits per channel.</param>
/// <param name="Alpha">True when it can hold transparency.</param>
/// <param name="Frames">True when it can hold several frames.</param>
public sealed record ImageFormat(string Name, IReadOnlyList<string> Extensions, int MaxBits, bool Alpha, bool Frames)
{
    /// <summary>PNG.</summary>
    public static ImageFormat Png { get; } = new("PNG", [".png"], 16, true, false);

    /// <summary>JPEG.</summary>
    public static ImageFormat Jpeg { get; } = new("JPEG", [".jpg", ".jpeg"], 8, false, false);

    /// <summary>WebP.</summary>
    public static ImageFormat WebP { get; } = new("WebP", [".webp"], 8, true, true);

    /// <summary>TIFF.</summary>
    public static ImageFormat Tiff { get; } = new("TIFF", [".tif", ".tiff"], 16, true, true);

    /// <summary>All formats.</summary>
    public static IReadOnlyList<ImageFormat> All { get; } = [Png, Jpeg, WebP, Tiff];

    /// <summary>The format a file name's extension stands for, or null.</summary>
    public static ImageFormat? OfExtension(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return All.FirstOrDefault(f => f.Extensions.Contains(extension));
    }

    /// <summary>The format to write a file of this name in.</summary>
    /// <exception cref="MsSrException">The extension stands for none (MSSR3402).</exception>
    public static ImageFormat ForWriting(string path) => OfExtension(path) ?? throw new MsSrException(new Diagnostic(
        "MSSR3402", Severity.Error, $"Images can't be written as '{Path.GetExtension(path)}'.", path,
        $"Use {string.Join(", ", All.SelectMany(f => f.Extensions))}."));
}
