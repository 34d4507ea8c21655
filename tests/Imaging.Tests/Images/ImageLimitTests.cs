using System.Diagnostics;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

/// <summary>Files that aren't what they say, or say more than there is room for.</summary>
public sealed class ImageLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_forged_header_is_refused_before_anything_is_decoded()
    {
        var path = Jpeg();
        var bytes = File.ReadAllBytes(path);
        var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0, 0x00, 0x11]);
        new byte[] { 0xFD, 0xE8, 0xFD, 0xE8 }.CopyTo(bytes, frame + 5);
        File.WriteAllBytes(path, bytes);
        var (watch, memory) = (Stopwatch.StartNew(), Environment.WorkingSet);
        var error = Assert.Throws<MsSrException>(() => ImageReader.ReadAll(path)).Diagnostic;
        Assert.Equal(("MSSR1209", path), (error.Id, error.Where));
        Assert.Contains("65000×65000 pixels; 1,000,000,000 are read at the most", error.Message, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(Environment.WorkingSet - memory, long.MinValue, 200_000_000);
    }

    [Theory]
    [InlineData(64 * 48, true)]
    [InlineData(64 * 48 - 1, false)]
    public void The_limit_counts_pixels(long most, bool isRead)
    {
        ImageWriter.WriteAll(_folder["a.png"], new Planes(3, 48, 64));
        var reading = new ImageReading { MaxPixels = most };
        if (isRead)
            Assert.Equal(64, ImageReader.ReadAll(_folder["a.png"], reading).Width);
        else
            Assert.Equal("MSSR1209", Assert.Throws<MsSrException>(() => ImageReader.ReadAll(_folder["a.png"], reading)).Diagnostic.Id);
    }

    [Fact]
    public void All_frames_count()
    {
        using (var writer = ImageWriter.Create(_folder["a.tif"], new ImageLayout(10, 10, 1, 8) { Frames = 3 }))
        {
            for (var i = 0; i < 3; i++)
                writer.Put(0, 0, new Planes(1, 10, 10), i);
            writer.Finish();
        }

        Assert.Equal(3, ImageFrames.Of(_folder["a.tif"], new ImageReading { MaxPixels = 300 }).Count);
        var error = Assert.Throws<MsSrException>(() => ImageFrames.Of(_folder["a.tif"], new ImageReading { MaxPixels = 299 }));
        Assert.Contains("10×10 pixels in 3 frames", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_never_ends_is_never_begun()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(_folder["zero.png"], "/dev/zero");
        Process.Start("mkfifo", [_folder["pipe.png"]]).WaitForExit();
        foreach (var (path, kind) in new[] { ("/dev/zero", "device"), (_folder["zero.png"], "device"), (_folder["pipe.png"], "pipe") })
        {
            var error = Assert.Throws<MsSrException>(() => ImageReader.ReadAll(path)).Diagnostic;
            Assert.Equal(("MSSR1201", $"This is a {kind}, not a file."), (error.Id, error.Message));
        }
    }

    [Fact]
    public void Damaged_jpeg_data_is_a_warning_that_names_the_file()
    {
        var path = Jpeg();
        var whole = ImageReader.ReadAll(path);
        var bytes = File.ReadAllBytes(path);
        new byte[] { 0xFF, 0xD9 }.CopyTo(bytes, bytes.Length / 2);
        File.WriteAllBytes(path, bytes);
        var told = new List<Diagnostic>();
        var image = ImageReader.ReadAll(path, new ImageReading { Warn = told.Add });
        var warning = Assert.Single(told);
        Assert.Equal(("MSSR1210", Severity.Warning, path), (warning.Id, warning.Severity, warning.Where));
        Assert.Equal(whole[0][..256], image[0][..256]);
        Assert.NotEqual(whole[0], image[0]);
    }

    [Fact]
    public void Whole_jpeg_files_are_read_without_a_word()
    {
        var told = new List<Diagnostic>();
        ImageReader.ReadAll(Jpeg(), new ImageReading { Warn = told.Add });
        Assert.Empty(told);
    }

    [Fact]
    public void An_image_that_the_disk_has_no_space_for_is_refused_before_it_is_begun()
    {
        var error = Assert.Throws<MsSrException>(
            () => ImageWriter.Create(_folder["a.png"], new ImageLayout(1 << 26, 1 << 26, 4, 16))).Diagnostic;
        Assert.Equal("MSSR1202", error.Id);
        Assert.Matches(@"It takes \d+\.\d GB in '.*', where \d+\.\d GB are free", error.Message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void An_image_that_the_disk_has_no_space_to_unpack_is_refused()
    {
        var path = Jpeg();
        var reading = new ImageReading { MaxPixels = long.MaxValue };
        var error = Assert.Throws<MsSrException>(() => reading.Require(path, int.MaxValue, int.MaxValue, 1, 8)).Diagnostic;
        Assert.Equal(("MSSR1211", path), (error.Id, error.Where));
    }

    private string Jpeg()
    {
        ImageWriter.WriteAll(_folder["a.jpg"], ImageNoise.AddGaussian(new Planes(3, 64, 64).Map(_ => 128), 40, 1));
        return _folder["a.jpg"];
    }
}
