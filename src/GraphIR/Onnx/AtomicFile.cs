namespace MsSrConvert.GraphIR.Onnx;

/// <summary>
/// A file that appears under its name only when it is complete; until then it has another name in the same folder.
/// </summary>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _committed;

    /// <summary>Opens the temporary file.</summary>
    /// <exception cref="MsSrException">The folder can't be written to, or a folder has the name (MSSR1014).</exception>
    public AtomicFile(string target)
    {
        _target = target;
        var folder = Path.GetDirectoryName(target) ?? "";
        _temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            if (Directory.Exists(target))
                throw new IOException("A folder has this name.");
            if (!Directory.Exists(folder))
                throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
            Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw OnnxErrors.Unwritable(target, e);
        }
    }

    /// <summary>The content goes here.</summary>
    public FileStream Stream { get; }

    /// <summary>Closes the file and gives it its name; a file of that name is replaced.</summary>
    public void Commit()
    {
        Stream.Dispose();
        File.Move(_temporary, _target, overwrite: true);
        _committed = true;
    }

    /// <summary>Removes the temporary file if it wasn't committed.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_committed)
            File.Delete(_temporary);
    }
}
