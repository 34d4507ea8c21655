using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>
/// Models whose nodes are described wrongly: every command tells it with exit code 3 before ONNX Runtime sees the model, which
/// would take the process with it.
/// </summary>
public sealed class BrokenModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BrokenModelTests()
    {
        TinyNet.Write(_folder["net.onnx"]);
        Directory.CreateDirectory(_folder["pictures"]);
        RuntimeFiles.Image(_folder, "pictures/a.png");
        var model = ModelFile.Read(_folder["net.onnx"]);
        var tail = model.Graph.Nodes[^1];
        model.Graph.Add(new Node("SpaceToDepth", [tail.Input(0)], [new Value("deep")], "deep").With("blocksize", 0), tail);
        model.Graph.AddOutput(model.Graph.Nodes[^2].Output);
        OnnxFile.Write(model, _folder["deadly.onnx"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("deadly.onnx", "-o", "out.onnx")]
    [InlineData("inspect", "deadly.onnx")]
    [InlineData("verify", "deadly.onnx")]
    [InlineData("verify", "net.onnx", "--against", "deadly.onnx")]
    [InlineData("bench", "deadly.onnx")]
    [InlineData("bench", "net.onnx", "deadly.onnx")]
    [InlineData("upscale", "--model", "deadly.onnx", "pictures", "-o", "out")]
    [InlineData("eval", "deadly.onnx", "--data", "pictures")]
    [InlineData("eval", "net.onnx", "deadly.onnx", "--data", "pictures")]
    [InlineData("deploy", "deadly.onnx", "-o", "out.onnx")]
    [InlineData("export-pytorch", "deadly.onnx", "-o", "out")]
    [InlineData("calibrate", "deadly.onnx", "--teacher", "net.onnx", "-o", "out.onnx")]
    [InlineData("calibrate", "net.onnx", "--teacher", "deadly.onnx", "-o", "out.onnx")]
    public void A_division_by_zero_never_reaches_ONNX_Runtime(params string[] command)
    {
        var before = _folder.State();
        var run = CommandRun.Of([.. command.Select(InFolder)]);

        Assert.Contains("deadly.onnx, SpaceToDepth 'deep': attribute 'blocksize' is 0; it must be 1 to 32768.", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("error MSSR1030: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Equal(before, _folder.State());
    }

    [SharedFact]
    public void Every_broken_case_is_told()
    {
        var files = Directory.GetFiles(SharedModels.PathOf("cases/broken"), "*.onnx");
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            var run = CommandRun.Of(file, "-o", _folder["out.onnx"]);
            Assert.Equal((ExitCodes.BadInput, true),
                (run.ExitCode, run.Error.Contains("error MSSR103", StringComparison.Ordinal)));
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_value_listed_twice_as_output_is_converted_and_stays_listed_twice(int branches)
    {
        TinyNet.Write(_folder["net.onnx"], channels: 12);
        var model = ModelFile.Read(_folder["net.onnx"]);
        model.Graph.AddOutput(model.Graph.Outputs[0]);
        OnnxFile.Write(model, _folder["twice.onnx"]);

        var run = CommandRun.Of(_folder["twice.onnx"], "-n", $"{branches}", "-o", _folder["out.onnx"]);
        Assert.True(run.ExitCode == 0, run.Error);

        Assert.Equal(["tail_out", "tail_out"], ModelFile.Read(_folder["out.onnx"]).Graph.Outputs.Select(o => o.Name));
        Assert.Equal(0, CommandRun.Of("verify", _folder["out.onnx"], "--against", _folder["twice.onnx"]).ExitCode);
    }

    private string InFolder(string word) =>
        word.EndsWith(".onnx", StringComparison.Ordinal) || word is "pictures" or "out" ? _folder[word] : word;
}
