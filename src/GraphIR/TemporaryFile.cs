using System.Collections.Concurrent;
using System.Globalization;

namespace MsSrConvert.GraphIR;

/// <summary>
/// A file in the folder of the one that it is to become, open and locked as long as it is in work, and gone when it is disposed.
/// A process that is killed leaves it behind unlocked; the next one that writes the same file removes it.
/// </summary>
public sealed class TemporaryFile : IDisposable
{
    private const string End = ".tmp";
    private const int MostTries = 8;

    // What there is to remove when the process ends without going back through its callers; null when that has begun.
    private static ConcurrentDictionary<TemporaryFile, bool>? _current = [];

    /// <summary>Makes the file, empty, and removes what killed processes have left of the same target.</summary>
    /// <param name="target">The file that this one is to become.</param>
    /// <param name="bytes">How much is going to be written at least.</param>
    /// <exception cref="IOException">There is no such folder, or its disk hasn't that much space.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder can't be written to.</exception>
    public TemporaryFile(string target, long bytes = 0)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(target)) ?? "";
        var name = System.IO.Path.GetFileName(target);
        if (!Directory.Exists(folder))
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        RequireSpace(folder, bytes);
        RemoveLeftovers(folder, name);
        (Path, Stream) = Make(folder, name);
        if (_current?.TryAdd(this, true) == true)
            return;
        Remove();
        throw new OperationCanceledException("The process is ending.");
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>A path for a second file, or a folder, which goes when this file goes.</summary>
    public string Companion => Path + ".d";

    /// <summary>Its content. Nothing is buffered.</summary>
    public FileStream Stream { get; }

    /// <summary>Removes all that are in work: the process is about to end, and none can be made any more.</summary>
    public static void RemoveAll()
    {
        foreach (var file in Interlocked.Exchange(ref _current, null)?.Keys ?? [])
            file.Remove();
    }

    /// <summary>Refuses to begin what the disk has no space for.</summary>
    /// <exception cref="IOException">There is less.</exception>
    public static void RequireSpace(string folder, long bytes)
    {
        if (bytes <= 0 || Free(folder) is not { } free || free >= bytes)
            return;
        throw new IOException(string.Create(CultureInfo.InvariantCulture,
            $"It takes {bytes / 1e9:0.0} GB in '{folder}', where {free / 1e9:0.0} GB are free."));
    }

    private static long? Free(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A place that doesn't say how much it holds: writing will tell.
            return null;
        }
    }

    // Between its making and its locking another process may take a file for one that was left, and remove it.
    private static (string Path, FileStream Stream) Make(string folder, string name)
    {
        for (var i = 1; ; i++)
        {
            var path = System.IO.Path.Combine(folder, $".{name}.{Guid.NewGuid():N}{End}");
            try
            {
                var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                if (File.Exists(path))
                    return (path, stream);
                stream.Dispose();
            }
            catch (IOException) when (i < MostTries && File.Exists(path))
            {
                // The other one holds it at this moment.
            }
        }
    }

    private static IEnumerable<string> Of(string folder, string name)
    {
        const int idLength = 32;
        return Directory.EnumerateFiles(folder, $"*{End}", new EnumerationOptions { AttributesToSkip = 0 })
            .Where(path => System.IO.Path.GetFileName(path) is var file
                && file.Length == name.Length + idLength + End.Length + 2
                && file.StartsWith($".{name}.", StringComparison.Ordinal));
    }

    private static void RemoveLeftovers(string folder, string name)
    {
        foreach (var path in Of(folder, name))
        {
            try
            {
                using var left = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, 1,
                    FileOptions.DeleteOnClose);
                RemoveCompanion(path + ".d");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another process is writing it, or it is another user's.
            }
        }
    }

    private static void RemoveCompanion(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }

    private void Remove()
    {
        File.Delete(Path);
        RemoveCompanion(Companion);
    }

    /// <summary>Closes the file and removes what is left of it.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        Remove();
        _current?.TryRemove(this, out _);
    }
}
