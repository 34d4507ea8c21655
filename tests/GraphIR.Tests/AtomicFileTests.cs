using Xunit;

namespace MsSrConvert.GraphIR.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mssr-").FullName;

    private string Target => Path.Combine(_folder, "result");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Replaces_an_earlier_file_and_leaves_nothing_else()
    {
        File.WriteAllText(Target, "before, and longer");
        AtomicFile.Write(Target, "after"u8);
        Assert.Equal("after", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Leaves_an_earlier_file_as_it_is_until_the_content_is_complete()
    {
        File.WriteAllText(Target, "before");
        using (var file = new AtomicFile(Target))
        {
            file.Stream.Write("half"u8);
            Assert.Equal("before", File.ReadAllText(Target));
        }

        Assert.Equal("before", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Says_so_where_a_folder_has_the_name()
    {
        Directory.CreateDirectory(Target);
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, "content"u8));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Says_so_where_there_is_no_folder() =>
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(Path.Combine(_folder, "none", "result"), "content"u8));
}
