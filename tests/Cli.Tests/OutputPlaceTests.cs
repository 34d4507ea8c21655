using System.Diagnostics;
using Google.Protobuf;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>What may stand where a result is to go: devices and pipes are left alone, links are kept.</summary>
public sealed class OutputPlaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OutputPlaceTests()
    {
        TinyNet.Write(_folder["net.onnx"]);
        RuntimeFiles.Doubling(_folder, "x2.onnx");
        Directory.CreateDirectory(_folder["data"]);
        RuntimeFiles.Image(_folder, "data/a.png");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("net.onnx")]
    [InlineData("deploy", "net.onnx")]
    [InlineData("zoo", "espcn")]
    [InlineData("export-pytorch", "net.onnx")]
    [InlineData("import-weights", "net.onnx", "--from", "net.onnx")]
    [InlineData("verify", "net.onnx", "--retie", "mean")]
    [InlineData("calibrate", "net.onnx", "--teacher", "net.onnx")]
    [InlineData("upscale", "data/a.png", "-m", "x2.onnx")]
    public void A_device_or_a_pipe_is_refused_and_stays(params string[] command)
    {
        if (OperatingSystem.IsWindows())
            return;
        Process.Start("mkfifo", [_folder["pipe"]]).WaitForExit();
        File.CreateSymbolicLink(_folder["null.png"], "/dev/null");
        foreach (var place in new[] { "/dev/null", _folder["pipe"], _folder["null.png"] })
        {
            var run = CommandRun.Of([.. command.Select(InFolder), "-o", place, "--force"]);
            Assert.Contains($"error MSSR3010: {place}: this is a ", run.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCodes.Usage, run.ExitCode);
        }

        Assert.Equal(("a device", "a pipe"), (FilePlace.WhatElse("/dev/null"), FilePlace.WhatElse(_folder["pipe"])));
        Assert.Equal("/dev/null", new FileInfo(_folder["null.png"]).LinkTarget);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" | cat")]
    [InlineData(" > OUT")]
    public void Stdout_is_refused_wherever_it_leads(string end)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var tool = Path.Combine(AppContext.BaseDirectory, "mssr-convert.dll");
        var line = $"dotnet {tool} {_folder["net.onnx"]} -o /dev/stdout --force{end.Replace("OUT", _folder["out"])}; exit ${{PIPESTATUS[0]}}";
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.Contains("error MSSR3010: /dev/stdout: ", error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, shell.ExitCode);
    }

    [Fact]
    public void A_link_is_kept_and_the_model_it_leads_to_is_replaced()
    {
        Directory.CreateDirectory(_folder["store"]);
        File.WriteAllText(_folder["store/real.onnx"], "worthless");
        File.CreateSymbolicLink(_folder["link.onnx"], "store/real.onnx");
        Assert.Contains("MSSR3007", CommandRun.Of(_folder["net.onnx"], "-o", _folder["link.onnx"]).Error, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"], "-o", _folder["link.onnx"], "--force").ExitCode);
        Assert.Equal("store/real.onnx", new FileInfo(_folder["link.onnx"]).LinkTarget);
        Assert.NotEmpty(ModelFile.Read(_folder["store/real.onnx"]).Graph.Nodes);
        Assert.Equal(["real.onnx"], new DirectoryInfo(_folder["store"]).EnumerateFiles().Select(f => f.Name));
    }

    [Fact]
    public void A_link_is_kept_and_the_image_it_leads_to_is_replaced_but_never_a_source()
    {
        File.WriteAllText(_folder["real.png"], "worthless");
        File.CreateSymbolicLink(_folder["link.png"], "real.png");
        File.CreateSymbolicLink(_folder["source.png"], "data/a.png");
        Assert.Equal(0, Upscale("link.png").ExitCode);
        Assert.Equal("real.png", new FileInfo(_folder["link.png"]).LinkTarget);
        using (var written = ImageReader.Open(_folder["real.png"]))
            Assert.Equal(48, written.Width);
        var before = File.ReadAllBytes(_folder["data/a.png"]);
        Assert.Contains("error MSSR3406: ", Upscale("source.png").Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder["data/a.png"]));
    }

    [Fact]
    public void A_model_as_model_hubs_keep_it_is_read_by_every_command()
    {
        foreach (var name in new[] { "blobs", "snapshots/x" })
            Directory.CreateDirectory(_folder[name]);
        WriteApart("net.onnx", "blobs/abc", "blobs/def", "model.onnx.data");
        File.CreateSymbolicLink(_folder["snapshots/x/model.onnx"], "../../blobs/abc");
        File.CreateSymbolicLink(_folder["snapshots/x/model.onnx.data"], "../../blobs/def");
        var hub = _folder["snapshots/x/model.onnx"];
        string[][] commands =
        [
            [hub, "-o", _folder["out.onnx"]], ["inspect", hub], ["verify", hub], ["verify", _folder["out.onnx"], "--against", hub],
            ["bench", hub, "--runs", "1", "--size", "16"], ["deploy", hub, "-o", _folder["deployed.onnx"]],
            ["eval", hub, "--data", _folder["data"], "--task", "restore", "--noise", "5"],
            ["upscale", _folder["data/a.png"], "-m", hub, "-o", _folder["b.png"]],
            ["export-pytorch", hub, "-o", _folder["export"]],
        ];
        foreach (var command in commands)
        {
            var run = CommandRun.Of(command);
            Assert.True(run.ExitCode == 0, $"{command[0]}: {run.Error}");
        }

        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"], "-o", _folder["plain.onnx"]).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["plain.onnx"]), File.ReadAllBytes(_folder["out.onnx"]));
    }

    [Fact]
    public void What_a_killed_run_left_is_gone_after_the_next_one()
    {
        var left = _folder[$".net.ms2.onnx.{Guid.NewGuid():N}.tmp"];
        File.WriteAllText(left, "");
        Directory.CreateDirectory(left + ".d");
        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"]).ExitCode);
        Assert.Equal(["data", "net.ms2.onnx", "net.onnx", "x2.onnx"], _folder.Names);
    }

    // All tensors, large and small, go to a data file.
    private void WriteApart(string source, string target, string data, string location)
    {
        var wire = ModelProto.Parser.ParseFrom(File.ReadAllBytes(_folder[source]));
        using var file = File.Create(_folder[data]);
        foreach (var tensor in wire.Graph.Initializer)
        {
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
            tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = $"{file.Position}" });
            tensor.DataLocation = TensorProto.Types.DataLocation.External;
            tensor.RawData.WriteTo(file);
            tensor.ClearRawData();
        }

        File.WriteAllBytes(_folder[target], wire.ToByteArray());
    }

    private CommandRun Upscale(string output) =>
        CommandRun.Of("upscale", _folder["data/a.png"], "-m", _folder["x2.onnx"], "-o", _folder[output], "--force");

    private string InFolder(string word) => word.Contains('.') ? _folder[word] : word;
}
