using System.Collections.Concurrent;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Calibration.Images;

/// <summary>Where calibration images come from.</summary>
public interface IImageSource
{
    /// <summary>How the source is called in reports.</summary>
    string Description { get; }

    /// <summary>How many different images there are.</summary>
    int Count { get; }

    /// <summary>Cuts a part out of an image.</summary>
    /// <param name="index">Which image.</param>
    /// <param name="width">The part's columns.</param>
    /// <param name="height">The part's rows.</param>
    /// <param name="u">Where it lies, from 0 (left) to 1 (right).</param>
    /// <param name="v">Where it lies, from 0 (top) to 1 (bottom).</param>
    /// <returns>1 or 3 channels in grey levels 0..255, or null where the image isn't that large or can't be read.</returns>
    Planes? Cut(int index, int width, int height, double u, double v);
}

/// <summary>
/// The images of a folder and the folders in it, in the order of their names. One that can't be read is told of once and gives no
/// patches.
/// </summary>
public sealed class FolderImages : IImageSource
{
    private readonly string _folder;
    private readonly ImageReading _reading;
    private readonly string[] _files;
    private readonly ConcurrentDictionary<int, bool> _bad = [];

    /// <summary>Lists a folder.</summary>
    /// <exception cref="MsSrException">There is no such folder, or no image in it (MSSR1204).</exception>
    public FolderImages(string folder, ImageReading? reading = null)
    {
        (_folder, _reading) = (folder, reading ?? ImageReading.Default);
        _files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*",
                SearchOption.AllDirectories).Where(f => ImageFormat.OfExtension(f) is not null).Order(StringComparer.Ordinal)]
            : [];
        if (_files.Length == 0)
        {
            throw new MsSrException(new Diagnostic("MSSR1204", Severity.Error,
                Directory.Exists(folder) ? "The folder has no PNG, JPEG, WebP or TIFF images." : "There is no such folder.",
                folder,
                "Give a folder with 20 to 100 ordinary photographs."));
        }
    }

    /// <inheritdoc/>
    public string Description => $"{_files.Length} images of {_folder}";

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public Planes? Cut(int index, int width, int height, double u, double v)
    {
        if (_bad.ContainsKey(index))
            return null;
        try
        {
            using var reader = ImageReader.Open(_files[index], _reading);
            if (reader.Width < width || reader.Height < height)
                return null;
            return reader.Read((int)(u * (reader.Width - width + 1)), (int)(v * (reader.Height - height + 1)), width,
                height).FirstChannels(reader.ColourChannels);
        }
        catch (MsSrException e) when (ImageReading.IsBadImage(e))
        {
            if (_bad.TryAdd(index, true))
                _reading.LeaveOut(e);
            return null;
        }
    }
}

/// <summary>Some of the images of a source.</summary>
/// <param name="all">The source.</param>
/// <param name="chosen">Which of its images.</param>
public sealed class ImageSelection(IImageSource all, IReadOnlyList<int> chosen) : IImageSource
{
    private const int HeldBackOne = 8;

    /// <summary>
    /// Shares images out: most to work with, every eighth held back to check the work. Of fewer than eight images all serve for
    /// both.
    /// </summary>
    public static (IImageSource Work, IImageSource Held) Split(IImageSource images)
    {
        if (images.Count < HeldBackOne)
            return (images, images);
        var isHeld = Enumerable.Range(0, images.Count).ToLookup(i => i % HeldBackOne == HeldBackOne - 1);
        return (new ImageSelection(images, [.. isHeld[false]]), new ImageSelection(images, [.. isHeld[true]]));
    }

    /// <inheritdoc/>
    public string Description => all.Description;

    /// <inheritdoc/>
    public int Count => chosen.Count;

    /// <inheritdoc/>
    public Planes? Cut(int index, int width, int height, double u, double v) => all.Cut(chosen[index], width, height, u, v);
}
