using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.GraphIR.Tests;

public sealed class TemporaryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_killed_process_left_is_removed_by_the_next_one()
    {
        var left = _folder[$".net.onnx.{Guid.NewGuid():N}.tmp"];
        File.WriteAllText(left, "half a model");
        Directory.CreateDirectory(left + ".d");
        File.WriteAllText(Path.Combine(left + ".d", "net.onnx"), "half a model");
        using (new TemporaryFile(_folder["net.onnx"]))
            Assert.Single(_folder.Names);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void What_others_are_writing_stays()
    {
        using var first = new TemporaryFile(_folder["net.onnx"]);
        Directory.CreateDirectory(first.Companion);
        using (new TemporaryFile(_folder["net.onnx"]))
            Assert.True(File.Exists(first.Path) && Directory.Exists(first.Companion));

        Assert.True(File.Exists(first.Path));
    }

    [Theory]
    [InlineData(".other.onnx.0123456789abcdef0123456789abcdef.tmp")]
    [InlineData(".net.onnx.notes.tmp")]
    [InlineData("net.onnx.0123456789abcdef0123456789abcdef.tmp")]
    public void Files_of_other_names_are_nobodys_business(string name)
    {
        File.WriteAllText(_folder[name], "precious");
        new TemporaryFile(_folder["net.onnx"]).Dispose();
        Assert.Equal([name], _folder.Names);
    }

    [Fact]
    public void Writers_of_one_file_never_take_each_others_files()
    {
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            using var file = new TemporaryFile(_folder["net.onnx"]);
            file.Stream.WriteByte((byte)i);
            Assert.Equal(1, new FileInfo(file.Path).Length);
        });
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void More_than_the_disk_holds_is_refused_before_anything_is_written()
    {
        var error = Assert.Throws<IOException>(() => new TemporaryFile(_folder["net.onnx"], long.MaxValue / 2));
        Assert.Matches(@"^It takes \d+\.\d GB in '.*', where \d+\.\d GB are free\.$", error.Message);
        Assert.Empty(_folder.Names);
    }
}
