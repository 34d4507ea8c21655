using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _converted;

    public VerifyTests()
    {
        TinyNet.Write(_folder["net.onnx"]);
        _converted = _folder["net.ms2.onnx"];
        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"]).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_converted_model_passes()
    {
        var run = CommandRun.Of("verify", _converted, "--against", _folder["net.onnx"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Snapshot.Match(Lines(run.Out));
    }

    [Fact]
    public void A_source_is_only_run()
    {
        var run = CommandRun.Of("verify", _folder["net.onnx"], "--json");
        Assert.Equal(0, run.ExitCode);
        var checks = run.Json().GetProperty("checks").EnumerateArray()
            .Select(c => (c.GetProperty("check").GetString(), c.GetProperty("status").GetString())).ToArray();
        Assert.Equal([("metadata", "skipped"), ("opset", "passed"), ("loads", "passed")], checks[..3]);
    }

    [Fact]
    public void Copied_weights_fail_and_are_listed()
    {
        CopyWeights();
        var run = CommandRun.Of("verify", _converted);
        Assert.Equal(ExitCodes.ValidationFailed, run.ExitCode);
        Assert.Equal($"error MSSR5007: {_converted}: 1 check failed. --retie mean -o FILE makes one weight of the copies.",
            run.Error.TrimEnd());
        Snapshot.Match(Lines(run.Out));
    }

    [Fact]
    public void Retie_writes_a_model_that_passes()
    {
        CopyWeights();
        var run = CommandRun.Of("verify", _converted, "--retie", "mean", "-o", _folder["whole.onnx"], "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal($"wrote {_folder["whole.onnx"]}: 4 shared weights made one again", run.Error.TrimEnd());
        var json = run.Json();
        Assert.Equal(["model", "passed", "form", "checks", "broken_ties", "written"], json.EnumerateObject().Select(p => p.Name));
        var tie = json.GetProperty("broken_ties")[0];
        Assert.Equal(["name", "nodes", "copies", "max_difference"], tie.EnumerateObject().Select(p => p.Name));
        Assert.Equal(("middle1.weight/same", 2), (tie.GetProperty("name").GetString(), tie.GetProperty("copies").GetInt32()));
        Assert.Equal(0.25, tie.GetProperty("max_difference").GetDouble(), 1e-6);
        Assert.Equal(0, CommandRun.Of("verify", _folder["whole.onnx"]).ExitCode);
        Assert.Equal(ExitCodes.ValidationFailed, CommandRun.Of("verify", _converted).ExitCode);
    }

    [Theory]
    [InlineData("MSSR3409", 2, "net.ms2.onnx", "--retie", "mean")]
    [InlineData("MSSR3409", 2, "net.ms2.onnx", "-o", "other.onnx")]
    [InlineData("MSSR3410", 2, "net.onnx", "--retie", "first", "-o", "other.onnx")]
    [InlineData("MSSR3006", 2, "net.ms2.onnx", "--retie", "first", "-o", "net.ms2.onnx")]
    [InlineData("MSSR3007", 2, "net.ms2.onnx", "--retie", "first", "-o", "net.onnx")]
    [InlineData("MSSR3401", 2, "net.ms2.onnx", "--device", "gpu")]
    [InlineData("MSSR1001", 3, "nowhere.onnx")]
    [InlineData("MSSR1001", 3, "net.ms2.onnx", "--against", "nowhere.onnx")]
    [InlineData("MSSR1005", 3, "text.onnx")]
    public void Mistakes_are_told(string id, int exitCode, string model, params string[] options)
    {
        File.WriteAllText(_folder["text.onnx"], "a letter");
        var before = _folder.State();
        var run = CommandRun.Of(
            ["verify", _folder[model], .. options.Select(o => o.EndsWith(".onnx", StringComparison.Ordinal) ? _folder[o] : o)]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"error {id}: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _folder.State());
    }

    [Fact]
    public void A_deployed_model_is_run_but_its_ties_are_not_checked_and_not_repaired()
    {
        Assert.Equal(0, CommandRun.Of("deploy", _converted, "-o", _folder["deploy.onnx"]).ExitCode);
        var run = CommandRun.Of("verify", _folder["deploy.onnx"], "--against", _folder["net.onnx"], "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("deploy", run.Json().GetProperty("form").GetString());
        Assert.Contains(run.Json().GetProperty("checks").EnumerateArray(),
            c => c.GetProperty("check").GetString() == "ties" && c.GetProperty("status").GetString() == "skipped");
        var refused = CommandRun.Of("verify", _folder["deploy.onnx"], "--retie", "mean", "-o", _folder["whole.onnx"]);
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.StartsWith("error MSSR3410: deploy.onnx: the deploy form may write shared weights apart.", refused.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_shape_than_the_source_s_fails()
    {
        RuntimeFiles.Doubling(_folder, "x2.onnx");
        var run = CommandRun.Of("verify", _folder["net.onnx"], "--against", _folder["x2.onnx"]);
        Assert.Equal(ExitCodes.ValidationFailed, run.ExitCode);
        Assert.Contains("failed", run.Out, StringComparison.Ordinal);
    }

    // What an importer does that gives every layer its own parameters; one training step then moves them apart.
    private void CopyWeights()
    {
        var model = ModelFile.Read(_converted);
        foreach (var weight in model.Graph.Initializers.Where(v => v.Name.EndsWith("/same", StringComparison.Ordinal)).ToArray())
        {
            var (data, second) = (weight.Initializer!, weight.Uses[1]);
            float[] moved = [.. data.ToFloats().Select(v => v + 0.25f)];
            second.Node.SetInput(second.Index,
                model.Graph.AddInitializer(weight.Name + "_copy", TensorData.Of(moved, [.. data.Dims])));
        }

        OnnxFile.Write(model, _converted);
    }

    private static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
}
