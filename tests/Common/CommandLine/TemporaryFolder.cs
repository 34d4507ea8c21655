using System.Security.Cryptography;

namespace MsSrConvert.Tests.Common;

/// <summary>An empty folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mssr-");

    /// <summary>The folder.</summary>
    public string Path => _folder.FullName;

    /// <summary>Names and content hashes of all files in it, hidden ones too, links left out: equal before and after when nothing was touched.</summary>
    public IReadOnlyList<string> State() =>
    [
        .. _folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(f => $"{System.IO.Path.GetRelativePath(Path, f.FullName)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f.FullName)))}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Names of all files in it, hidden ones too.</summary>
    public IReadOnlyList<string> Files() => [.. State().Select(line => line[..line.LastIndexOf(' ')])];

    /// <summary>The path of a file in it.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A text with the folder's path in it replaced, so that it is the same in every run.</summary>
    public string Neutral(string text) => text.Replace(Path, "<folder>", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
