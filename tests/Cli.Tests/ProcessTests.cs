using System.Diagnostics;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>The tool as a process of its own: what its end leaves behind, and how much memory it takes.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_request_to_end_leaves_nothing_behind()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var tool = StartLongWork();
        Process.Start("kill", ["-TERM", tool.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(tool.WaitForExit(Patience));
        Assert.Equal(ExitCodes.Interrupted, tool.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["out"]));
    }

    [Fact]
    public void A_killed_process_leaves_no_image_and_the_next_run_cleans_up_after_it()
    {
        using var tool = StartLongWork();
        tool.Kill();
        Assert.True(tool.WaitForExit(Patience));
        Assert.False(File.Exists(_folder["out/large.png"]));
        RuntimeFiles.Image(_folder, "small/large.png");
        Assert.Equal(0,
            CommandRun.Of("upscale", _folder["small/large.png"], "-m", _folder["x2.onnx"], "-o", _folder["out"]).ExitCode);
        Assert.Equal([_folder["out/large.png"]], Directory.GetFileSystemEntries(_folder["out"]));
    }

    [SlowFact]
    public void An_image_of_48_megapixels_takes_less_than_4_gigabytes()
    {
        using (var writer = ImageWriter.Create(_folder["in.png"], new ImageLayout(8000, 6000, 3, 8)))
        {
            var block = ImageReader.ReadAll(RuntimeFiles.Image(_folder, "block.png", 1000, 1000));
            for (var i = 0; i < 48; i++)
                writer.Put(i % 8 * 1000, i / 8 * 1000, block);
            writer.Finish();
        }

        var model = Directory.GetFiles(SharedModels.PathOf("models"), "*FSRCNN_tf*").Single();
        using var tool = Start("upscale", _folder["in.png"], "-m", model, "-o", _folder["out.jpg"]);
        var most = 0L;
        while (!tool.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            tool.Refresh();
            most = Math.Max(most, tool.PeakWorkingSet64);
        }

        Assert.Equal(0, tool.ExitCode);
        using var written = ImageReader.Open(_folder["out.jpg"]);
        Assert.Equal((16000, 12000), (written.Width, written.Height));
        Assert.True(most < 4L << 30, $"{most >> 20} MB");
    }

    // Thousands of tiles; returns as soon as the first pixels are being written.
    private Process StartLongWork()
    {
        RuntimeFiles.Doubling(_folder, "x2.onnx");
        RuntimeFiles.Image(_folder, "large.png", 3000, 3000);
        Directory.CreateDirectory(_folder["out"]);
        var tool = Start("upscale", _folder["large.png"], "-m", _folder["x2.onnx"], "-o", _folder["out"], "--tile", "16",
            "--overlap", "4");
        var watch = Stopwatch.StartNew();
        while (Directory.GetFileSystemEntries(_folder["out"]).Length == 0)
        {
            Assert.False(tool.HasExited);
            Assert.True(watch.Elapsed < Patience);
            Thread.Sleep(10);
        }

        return tool;
    }

    private static Process Start(params string[] args) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "mssr-convert.dll"), .. args])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
