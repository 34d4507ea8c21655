using MsSrConvert.GraphIR;

namespace MsSrConvert.Imaging.Images;

/// <summary>A file format pictures are read from and written to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extensions">Its file extensions in lower case, with the dot.</param>
/// <param name="MaxBits">Most bits per channel.</param>
/// <param name="Alpha">True when it can hold transparency.</param>
/// <param name="Frames">True when it can hold several frames.</param>
public sealed record PictureFormat(string Name, IReadOnlyList<string> Extensions, int MaxBits, bool Alpha, bool Frames)
{
    /// <summary>PNG.</summary>
    public static PictureFormat Png { get; } = new("PNG", [".png"], 16, true, false);

    /// <summary>JPEG.</summary>
    public static PictureFormat Jpeg { get; } = new("JPEG", [".jpg", ".jpeg"], 8, false, false);

    /// <summary>WebP.</summary>
    public static PictureFormat WebP { get; } = new("WebP", [".webp"], 8, true, true);

    /// <summary>TIFF.</summary>
    public static PictureFormat Tiff { get; } = new("TIFF", [".tif", ".tiff"], 16, true, true);

    /// <summary>All formats.</summary>
    public static IReadOnlyList<PictureFormat> All { get; } = [Png, Jpeg, WebP, Tiff];

    /// <summary>The format a file name's extension stands for, or null.</summary>
    public static PictureFormat? OfExtension(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return All.FirstOrDefault(f => f.Extensions.Contains(extension));
    }

    /// <summary>The format to write a file of this name in.</summary>
    /// <exception cref="MsSrException">The extension stands for none (MSSR3402).</exception>
    public static PictureFormat ForWriting(string path) => OfExtension(path) ?? throw new MsSrException(new Diagnostic(
        "MSSR3402", Severity.Error, $"Pictures can't be written as '{Path.GetExtension(path)}'.", path,
        $"Use {string.Join(", ", All.SelectMany(f => f.Extensions))}."));
}
