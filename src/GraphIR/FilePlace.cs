using System.Runtime.InteropServices;

namespace MsSrConvert.GraphIR;

/// <summary>What stands at a path: where its links lead, and whether that is a file at all.</summary>
public static class FilePlace
{
    private const int MostLinks = 40;

    /// <summary>
    /// Where a file is written that has this name: the name itself, or what it is a link to, which needn't exist yet.
    /// </summary>
    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Target(string path)
    {
        var target = Path.GetFullPath(path);
        for (var i = 0; i < MostLinks; i++)
        {
            if (Next(target) is not { } next)
                return target;
            target = next;
        }

        throw new IOException("Its links lead in a circle.");
    }

    /// <summary>The path with every link in it followed, in folders too: two names of one file come out alike.</summary>
    public static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        for (var i = 0; i < MostLinks; i++)
        {
            if (Path.GetDirectoryName(full) is not { } folder)
                return full;
            var here = Path.Combine(Real(folder), Path.GetFileName(full));
            if (Next(here) is not { } next)
                return here;
            full = next;
        }

        return full;
    }

    /// <summary>
    /// What stands at the path, links followed, in words: <c>a device</c>, <c>a pipe</c> …; null for a file, a folder or nothing.
    /// </summary>
    public static string? WhatElse(string path)
    {
        if (OperatingSystem.IsWindows())
            return Path.GetFullPath(path).StartsWith(@"\\.\", StringComparison.Ordinal) ? "a device" : null;
        const int kindOfFile = 0xF000;
        var kind = Status(path, out var status) < 0 ? 0 : status.Mode & kindOfFile;
        return kind switch
        {
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0xC000 => "a socket",
            _ => IsOwnStream(path) ? "a stream of this process" : null,
        };
    }

    /// <summary>Refuses a path that a file can't be put in place of.</summary>
    /// <exception cref="MsSrException">It is a device, a pipe or the like (MSSR3010).</exception>
    public static void RequireFile(string path)
    {
        if (WhatElse(path) is { } kind)
        {
            throw new MsSrException(new Diagnostic("MSSR3010", Severity.Error,
                $"this is {kind}; results are files, which get their names when they are complete.", path,
                "Give a file with -o."));
        }
    }

    // The shell's >FILE makes /dev/stdout a file that others are writing to as well.
    private static bool IsOwnStream(string path)
    {
        var at = Path.GetFullPath(path);
        for (var i = 0; i < MostLinks && Next(at) is { } next; i++)
        {
            if (at.StartsWith("/proc/", StringComparison.Ordinal))
                return true;
            at = next;
        }

        return false;
    }

    private static string? Next(string path)
    {
        var link = new FileInfo(path).LinkTarget;
        return link is null ? null : Path.GetFullPath(link, Path.GetDirectoryName(path)!);
    }

    // .NET tells no device from a file. Its own portable form of stat does, which differs from system to system in C.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat", CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Status([MarshalAs(UnmanagedType.LPUTF8Str)] string path, out FileStatus status);

    // Of everything that it fills in only the mode is read.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct FileStatus
    {
        public int Flags;
        public int Mode;
    }
}
