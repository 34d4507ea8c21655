using MsSrConvert.GraphIR;

namespace MsSrConvert.Cli.Output;

/// <summary>Guards files against being overwritten.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Refuses an output that is an input under whatever name, that exists and isn't to be overwritten, or that is no file.
    /// </summary>
    /// <exception cref="MsSrException">MSSR3006, MSSR3007, MSSR3010.</exception>
    public static void Check(FileInfo output, bool force, params IReadOnlyList<FileInfo> inputs)
    {
        FilePlace.RequireFile(output.FullName);
        if (inputs.Any(input => string.Equals(FilePlace.Real(input.FullName), FilePlace.Real(output.FullName), NameComparison)))
        {
            throw new MsSrException(new Diagnostic("MSSR3006", Severity.Error,
                "the output would overwrite the input.", output.FullName, "Give another file with -o."));
        }

        if (output.Exists && !force)
        {
            throw new MsSrException(new Diagnostic("MSSR3007", Severity.Error,
                "the file exists already.", output.FullName, "Give another file with -o, or overwrite it with --force."));
        }
    }

    /// <summary>Refuses a folder that has something in it, unless that may be overwritten.</summary>
    /// <exception cref="MsSrException">MSSR3010, MSSR3501.</exception>
    public static void CheckFolder(DirectoryInfo output, bool force)
    {
        FilePlace.RequireFile(output.FullName);
        if (!force && output.Exists && output.EnumerateFileSystemInfos().Any())
        {
            throw new MsSrException(new Diagnostic("MSSR3501", Severity.Error,
                "the folder isn't empty.", output.FullName,
                "Give another folder with -o, or replace the files of an export in it with --force."));
        }
    }

    private static StringComparison NameComparison =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
