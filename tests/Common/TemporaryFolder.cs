using System.Security.Cryptography;

namespace MsSrConvert.Tests.Common;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mssr-test-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The names of everything in the folder, sorted.</summary>
    public string[] Names =>
        [.. new DirectoryInfo(Path).EnumerateFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Paths and content hashes of all files in the folder and below, hidden ones too, links left out: equal before and after
    /// when nothing was touched.
    /// </summary>
    public IReadOnlyList<string> State() =>
    [
        .. new DirectoryInfo(Path)
            .EnumerateFiles("*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(
                f =>
                    $"{System.IO.Path.GetRelativePath(Path, f.FullName)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f.FullName)))}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A text with the folder's path in it replaced, so that it is the same in every run.</summary>
    public string Neutral(string text) => text.Replace(Path, "<folder>", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
