using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Evaluation;

/// <summary>A test image.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="High">The true image's file.</param>
/// <param name="Low">The file of the small (or spoilt) image, or null where it is made from the true one.</param>
public sealed record EvalItem(string Name, string High, string? Low)
{
    /// <summary>How much larger the true image is than a given small one.</summary>
    /// <exception cref="InvalidOperationException">There is no small image.</exception>
    /// <exception cref="MsSrException">An image is damaged (MSSR1201).</exception>
    public int ReadScale(ImageReading? reading = null)
    {
        using var high = ImageReader.Open(High, reading);
        using var low = ImageReader.Open(Low ?? throw new InvalidOperationException($"'{Name}' is no pair."), reading);
        return Math.Max(1, (int)Math.Round((double)high.Width / low.Width));
    }
}

/// <summary>
/// Finds test images in a folder: pairs <c>NAME_HR.png</c> and <c>NAME_LR.png</c>; or folders <c>HR</c> and <c>LR</c> with files
/// of the same names; or true images alone.
/// </summary>
public static class EvalData
{
    private const string HighMark = "_HR";
    private const string LowMark = "_LR";

    /// <summary>The images in the order of their names.</summary>
    /// <exception cref="MsSrException">
    /// There is no such folder, it has no images, or an image lacks its partner (MSSR1204).
    /// </exception>
    public static IReadOnlyList<EvalItem> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw Bad(folder, "There is no such folder.");
        var (high, low) = (Path.Combine(folder, "HR"), Path.Combine(folder, "LR"));
        if (Directory.Exists(high) && Directory.Exists(low))
        {
            return [.. Images(high)
                .Select(
                    f => new EvalItem(Path.GetFileNameWithoutExtension(f), f,
                        Partner(f, Path.Combine(low, Path.GetFileName(f)))))];
        }

        var images = Images(folder);
        if (images.Length == 0)
            throw Bad(folder, "The folder has no PNG, JPEG, WebP or TIFF images.");
        var marked = images.Where(f => Path.GetFileNameWithoutExtension(f).EndsWith(HighMark, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        return marked.Length == 0
            ? [.. images.Select(f => new EvalItem(Path.GetFileNameWithoutExtension(f), f, null))]
            : [.. marked.Select(f => Pair(f, images))];
    }

    /// <summary>Reads an image as networks are trained and measured on it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="gray">Whether colours become their luma, as for networks with one channel.</param>
    /// <param name="reading">How it is opened.</param>
    /// <returns>Three channels or one, in steps of a byte, without transparency.</returns>
    /// <exception cref="MsSrException">The image is damaged (MSSR1201).</exception>
    public static Planes Read(string path, bool gray, ImageReading? reading = null)
    {
        var image = ImageReader.ReadAll(path, reading);
        var colours = image.FirstChannels(image.Channels >= 3 ? 3 : 1);
        return (colours.Channels == 3 && gray ? ColourConversion.ToLuma(colours, LumaRange.Full) : colours).Quantize();
    }

    private static EvalItem Pair(string high, string[] images)
    {
        var name = Path.GetFileNameWithoutExtension(high)[..^HighMark.Length];
        var low = images
            .FirstOrDefault(f => Path.GetFileNameWithoutExtension(f).Equals(name + LowMark, StringComparison.OrdinalIgnoreCase));
        return new EvalItem(name, high, low ?? throw Bad(high, $"There is no '{name}{LowMark}' beside it."));
    }

    private static string Partner(string high, string low) =>
        File.Exists(low) ? low : throw Bad(high, $"There is no '{low}' to it.");

    private static string[] Images(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(f => ImageFormat.OfExtension(f) is not null).Order(StringComparer.Ordinal)];

    private static MsSrException Bad(string path, string message) =>
        new(new Diagnostic("MSSR1204", Severity.Error, message, path));
}
