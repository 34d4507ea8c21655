using MsSrConvert.GraphIR;
using MsSrConvert.Runtime.Images;

namespace MsSrConvert.Calibration.Pictures;

/// <summary>Where calibration pictures come from.</summary>
public interface IPictureSource
{
    /// <summary>How the source is called in reports.</summary>
    string Description { get; }

    /// <summary>How many different pictures there are.</summary>
    int Count { get; }

    /// <summary>A picture of 1 or 3 channels in grey levels 0..255, or null where it isn't at least this large.</summary>
    /// <exception cref="MsSrException">The picture is damaged (MSSR1201).</exception>
    Planes? Open(int index, int leastSide);
}

/// <summary>The pictures of a folder, in the order of their names.</summary>
public sealed class FolderPictures : IPictureSource
{
    private readonly string _folder;
    private readonly string[] _files;

    /// <summary>Lists a folder.</summary>
    /// <exception cref="MsSrException">There is no such folder, or no picture in it (MSSR1204).</exception>
    public FolderPictures(string folder)
    {
        _folder = folder;
        _files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => PictureFormat.OfExtension(f) is not null).Order(StringComparer.Ordinal)]
            : [];
        if (_files.Length == 0)
        {
            throw new MsSrException(new Diagnostic("MSSR1204", Severity.Error,
                Directory.Exists(folder) ? "The folder has no PNG, JPEG, WebP or TIFF pictures." : "There is no such folder.", folder,
                "Give a folder with 20 to 100 ordinary photographs."));
        }
    }

    /// <inheritdoc/>
    public string Description => $"{_files.Length} pictures of {_folder}";

    /// <inheritdoc/>
    public int Count => _files.Length;

    /// <inheritdoc/>
    public Planes? Open(int index, int leastSide)
    {
        using (var reader = PictureReader.Open(_files[index]))
        {
            if (reader.Width < leastSide || reader.Height < leastSide)
                return null;
        }

        var picture = PictureReader.ReadAll(_files[index]);
        return picture.FirstChannels(picture.Channels >= 3 ? 3 : 1);
    }
}
