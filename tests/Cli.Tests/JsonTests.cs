using System.Text.Json;
using MsSrConvert.Tests.Common;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class JsonTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public JsonTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_prints_the_plan_and_the_figures()
    {
        var run = CommandRun.Of("inspect", _net, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(["net.onnx"], _folder.Names);
        AssertKeys(run.Json(), "source", "converted", "branches", "interaction", "size_multiple", "smallest_input",
            "input_shapes", "share", "interaction_share", "convs");
        Snapshot.Match(run.Out.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Converting_prints_the_same_and_the_file_that_was_written()
    {
        var inspected = CommandRun.Of("inspect", _net, "--json", "--interaction", "full", "-n", "3").Json();
        var run = CommandRun.Of(_net, "--json", "--interaction", "full", "-n", "3");
        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith($"wrote {_folder["net.ms3.onnx"]}{Environment.NewLine}", run.Error, StringComparison.Ordinal);
        var converted = run.Json();
        AssertKeys(converted, "output", "source", "converted", "branches", "interaction", "size_multiple", "smallest_input",
            "input_shapes", "share", "interaction_share", "convs");
        Assert.Equal(_folder["net.ms3.onnx"], converted.GetProperty("output").GetString());
        foreach (var key in inspected.EnumerateObject())
            Assert.True(JsonElement.DeepEquals(key.Value, converted.GetProperty(key.Name)), key.Name);
    }

    [Fact]
    public void Every_part_has_its_documented_keys()
    {
        var json = CommandRun.Of("inspect", _net, "--json").Json();
        AssertKeys(json.GetProperty("source"), "params", "macs", "nodes", "resampled");
        AssertKeys(json.GetProperty("converted"), "params", "macs", "nodes", "resampled");
        Assert.All(json.GetProperty("convs").EnumerateArray(), conv => AssertKeys(conv, "name", "role", "reason", "macs"));
    }

    [Fact]
    public void Messages_stay_out_of_stdout_when_nothing_can_be_converted()
    {
        TinyNet.WriteWithoutConvs(_folder["double.onnx"]);
        var run = CommandRun.Of("inspect", _folder["double.onnx"], "--json");
        Assert.Equal(ExitCodes.NothingConverted, run.ExitCode);
        Assert.Empty(run.Json().GetProperty("convs").EnumerateArray());
        Assert.Contains("error MSSR2001: ", run.Error, StringComparison.Ordinal);
    }

    private static void AssertKeys(JsonElement element, params string[] keys) =>
        Assert.Equal(keys, element.EnumerateObject().Select(p => p.Name));
}
