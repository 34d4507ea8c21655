using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BenchTests() => TinyNet.Write(_folder["net.onnx"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_model_has_its_figures_at_every_size()
    {
        Assert.Equal(0, CommandRun.Of(_folder["net.onnx"]).ExitCode);
        var run = CommandRun.Of("bench", _folder["net.onnx"], _folder["net.ms2.onnx"], "--size", "16", "8x24", "--runs", "3",
            "--warmup", "1", "--threads", "1", "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var json = run.Json();
        Assert.Equal(["device", "threads", "runs", "warmup", "models"], json.EnumerateObject().Select(p => p.Name));
        var models = json.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(4, models.Length);
        Assert.All(models, m => Assert.Equal(
            [
                "path", "height", "width", "params", "macs", "nodes", "median_ms", "spread", "ratio", "ideal_ratio", "peak_bytes",
                "nodes_on_processor", "copies"
            ],
            m.EnumerateObject().Select(p => p.Name)));
        Assert.Equal([(16, 16), (16, 16), (8, 24), (8, 24)],
            models.Select(m => (m.GetProperty("height").GetInt32(), m.GetProperty("width").GetInt32())));
        var inspected = CommandRun.Of("inspect", _folder["net.onnx"], "--json", "--input-shape", "1x3x16x16").Json();
        foreach (var key in new[] { "params", "macs", "nodes" })
        {
            Assert.Equal(inspected.GetProperty("source").GetProperty(key).GetInt64(), models[0].GetProperty(key).GetInt64());
            Assert.Equal(inspected.GetProperty("converted").GetProperty(key).GetInt64(), models[1].GetProperty(key).GetInt64());
        }

        Assert.Equal((1.0, 1.0), (models[0].GetProperty("ratio").GetDouble(), models[0].GetProperty("ideal_ratio").GetDouble()));
    }

    [Fact]
    public void People_get_a_table()
    {
        var run = CommandRun.Of("bench", _folder["net.onnx"], "--size", "8", "--runs", "1");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Matches(@"net\.onnx +8x8 +[\d.]+ +0\.0 % +100\.0 % +100\.0 % +1,611 ", run.Out);
        Assert.Contains("cpu, all cores; 1 runs in turns after 3 to warm up.", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MSSR1001", 3, "nowhere.onnx")]
    [InlineData("MSSR1005", 3, "text.onnx")]
    [InlineData("MSSR3000", 2)]
    [InlineData("MSSR3000", 2, "net.onnx", "--size", "big")]
    [InlineData("MSSR3000", 2, "net.onnx", "--size", "0x16")]
    [InlineData("MSSR3000", 2, "net.onnx", "--runs", "0")]
    [InlineData("MSSR3401", 2, "net.onnx", "--device", "gpu")]
    [InlineData("MSSR5002", 4, "small.onnx", "--size", "8")]
    public void Mistakes_are_told(string id, int exitCode, params string[] args)
    {
        File.WriteAllText(_folder["text.onnx"], "a letter");
        WriteNeedsLarge();
        var run = CommandRun.Of(["bench", .. args.Select(a => a.EndsWith(".onnx", StringComparison.Ordinal) ? _folder[a] : a)]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"error {id}: ", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    // A network that adds its input to one of a fixed size.
    private void WriteNeedsLarge()
    {
        TinyNet.Write(_folder["small.onnx"]);
        var model = Operators.ModelFile.Read(_folder["small.onnx"]);
        var add = model.Graph.Nodes[0];
        var table = model.Graph.AddInitializer("table", GraphIR.TensorData.Of(new float[3 * 5 * 5], 1, 3, 5, 5));
        var sum = new GraphIR.Node("Add", [model.Graph.Inputs[0], table], [new GraphIR.Value("sum")], "sum");
        add.SetInput(0, model.Graph.Add(sum, add).Output);
        GraphIR.Onnx.OnnxFile.Write(model, _folder["small.onnx"]);
    }
}
