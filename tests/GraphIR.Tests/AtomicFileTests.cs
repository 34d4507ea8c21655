using System.Diagnostics;
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_link_stays_and_what_it_leads_to_is_replaced(bool exists)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "elsewhere"));
        var real = Path.Combine(_folder, "elsewhere", "real");
        if (exists)
            File.WriteAllText(real, "before");
        File.CreateSymbolicLink(Path.Combine(_folder, "second"), Path.Combine("elsewhere", "real"));
        File.CreateSymbolicLink(Target, "second");
        AtomicFile.Write(Target, "after"u8);
        Assert.Equal("second", new FileInfo(Target).LinkTarget);
        Assert.Null(new FileInfo(real).LinkTarget);
        Assert.Equal("after", File.ReadAllText(real));
        Assert.Equal([real], Directory.GetFileSystemEntries(Path.Combine(_folder, "elsewhere")));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(Target, "other");
        File.CreateSymbolicLink(Path.Combine(_folder, "other"), "result");
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, "content"u8));
    }

    [Fact]
    public void A_pipe_or_a_device_is_never_replaced()
    {
        if (OperatingSystem.IsWindows())
            return;
        Process.Start("mkfifo", [Target]).WaitForExit();
        File.CreateSymbolicLink(Path.Combine(_folder, "null"), "/dev/null");
        Assert.Equal("a pipe", FilePlace.WhatElse(Target));
        Assert.Equal("a device", FilePlace.WhatElse(Path.Combine(_folder, "null")));
        Assert.Throws<IOException>(() => AtomicFile.Write(Target, "content"u8));
        Assert.Throws<IOException>(() => AtomicFile.Write(Path.Combine(_folder, "null"), "content"u8));
        Assert.Throws<IOException>(() => AtomicFile.Write("/dev/null", "content"u8));
        Assert.Equal("a pipe", FilePlace.WhatElse(Target));
        Assert.Equal("a device", FilePlace.WhatElse("/dev/null"));
        Assert.Null(FilePlace.WhatElse(_folder));
        Assert.Null(FilePlace.WhatElse(Path.Combine(_folder, "nothing")));
    }

    [Fact]
    public void Says_so_where_there_is_no_folder() =>
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(Path.Combine(_folder, "none", "result"), "content"u8));
}
