namespace MsSrConvert.GraphIR;

/// <summary>
/// A file that appears under its name only when it is complete and on the disk; until then it has another name in the same
/// folder. Where the name is a link, the link stays and what it leads to is replaced.
/// </summary>
/// <remarks>
/// What the file system says is passed on as it is (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>): which
/// file it was, and what to do, is for the caller to say.
/// </remarks>
internal sealed class AtomicFile : IDisposable
{
    private readonly string _target;
    private readonly TemporaryFile _temporary;

    /// <summary>Opens the temporary file.</summary>
    /// <exception cref="IOException">There is no such folder, or something that is no file has the name.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public AtomicFile(string path)
    {
        RequireReplaceable(path);
        _target = FilePlace.Target(path);
        _temporary = new TemporaryFile(_target);
    }

    /// <summary>The content goes here. Nothing is buffered.</summary>
    public FileStream Stream => _temporary.Stream;

    /// <summary>Writes a whole file; a file of that name is replaced.</summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using var file = new AtomicFile(path);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Refuses a name that a file can't take over.</summary>
    /// <exception cref="IOException">A folder, a device or a pipe has it.</exception>
    public static void RequireReplaceable(string path)
    {
        if (Directory.Exists(path))
            throw new IOException("A folder has this name.");
        if (FilePlace.WhatElse(path) is { } kind)
            throw new IOException($"This is {kind}, not a file.");
    }

    /// <summary>Closes the file and gives it its name; a file of that name is replaced.</summary>
    public void Commit()
    {
        // A crash mustn't leave the name on a file without its content.
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary.Path, _target, overwrite: true);
    }

    /// <summary>Removes the temporary file if it wasn't committed.</summary>
    public void Dispose() => _temporary.Dispose();
}
