using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>Commands that are told to stop, or whose time is up: they end soon and leave nothing unfinished.</summary>
public sealed class InterruptionTests : IDisposable
{
    // The tool promises 2 seconds; a machine with other work may take its time. The work itself takes far longer.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Started = TimeSpan.FromSeconds(3);

    private readonly TemporaryFolder _folder = new();

    public InterruptionTests()
    {
        RuntimeFiles.Doubling(_folder, "x2.onnx");
        TinyNet.Write(_folder["wide.onnx"], channels: 192, scale: 0.001f);
        TinyNet.Write(_folder["wider.onnx"], channels: 1536, scale: 0.001f);
        RuntimeFiles.Image(_folder, "data/a.png", 1600, 1200);
    }

    public void Dispose() => _folder.Dispose();

    // One tile, and one run in ONNX Runtime, takes far longer than there is time.
    [Theory]
    [InlineData("TERM", "upscale", "data/a.png", "-m", "wide.onnx", "-o", "out.png", "--tile", "0", "--task", "restore")]
    [InlineData("INT", "eval", "wide.onnx", "--data", "data", "--task", "restore", "--noise", "5")]
    [InlineData("INT", "bench", "wide.onnx", "--size", "1024")]
    [InlineData("TERM", "verify", "wider.onnx")]
    [InlineData("INT", "wide.onnx", "--input-shape", "1x3x2048x2048", "-o", "out.onnx")]
    [InlineData("TERM", "wide.onnx", "--calibrate", "data", "-o", "out.onnx")]
    public void A_signal_ends_it_within_2_seconds(string signal, params string[] command)
    {
        if (OperatingSystem.IsWindows())
            return;
        var before = _folder.State();
        using var tool = Start(command);
        // By then it has done more than start.
        while (!tool.HasExited && tool.TotalProcessorTime < Started)
            Thread.Sleep(20);
        Assert.False(tool.HasExited, tool.HasExited ? tool.StandardError.ReadToEnd() : "");
        var watch = Stopwatch.StartNew();
        Process.Start("kill", [$"-{signal}", tool.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Soon);
        Assert.Equal(ExitCodes.Interrupted, tool.ExitCode);
        Assert.Contains("interrupted; what was unfinished is removed", tool.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void When_the_time_is_up_the_command_ends()
    {
        var before = _folder.State();
        var watch = Stopwatch.StartNew();
        using var tool = Start("upscale", "data/a.png", "-m", "wide.onnx", "-o", "out.png", "--task", "restore", "--timeout", "3s");
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3) + Soon);
        Assert.Equal(ExitCodes.Interrupted, tool.ExitCode);
        Assert.Contains("error MSSR5010: --timeout: the time is up", tool.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void A_command_that_is_done_in_time_isnt_touched() => Assert.Equal(0,
        CommandRun.Of("upscale", _folder["data/a.png"], "-m", _folder["x2.onnx"], "-o", _folder["b.png"], "--timeout", "10m").ExitCode);

    [Fact]
    public void Work_that_asks_stops_by_itself()
    {
        var run = CommandRun.Of("upscale", _folder["data/a.png"], "-m", _folder["x2.onnx"], "-o", _folder["b.png"], "--tile", "16",
            "--overlap", "4", "--timeout", "1s");
        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Contains("error MSSR5010: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["b.png"]));
    }

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo("dotnet",
        [Path.Combine(AppContext.BaseDirectory, "mssr-convert.dll"), .. args.Select(a => a.Contains('.') || a == "data" ? _folder[a] : a)])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
