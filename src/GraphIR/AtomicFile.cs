namespace MsSrConvert.GraphIR;

/// <summary>
/// A file that appears under its name only when it is complete and on the disk; until then it has another name in the same
/// folder.
/// </summary>
/// <remarks>
/// What the file system says is passed on as it is (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>): which
/// file it was, and what to do, is for the caller to say.
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly string _temporary;
    private bool _committed;

    /// <summary>Opens the temporary file.</summary>
    /// <exception cref="IOException">There is no such folder, or a folder has the name.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public AtomicFile(string path)
    {
        _target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(_target) ?? "";
        _temporary = Path.Combine(folder, $".{Path.GetFileName(_target)}.{Guid.NewGuid():N}.tmp");
        if (Directory.Exists(_target))
            throw new IOException("A folder has this name.");
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
    }

    /// <summary>The content goes here. Nothing is buffered.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes a whole file; a file of that name is replaced.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new AtomicFile(path);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Closes the file and gives it its name; a file of that name is replaced.</summary>
    public void Commit()
    {
        // A crash mustn't leave the name on a file without its content.
        Stream.Flush(flushToDisk: true);
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
