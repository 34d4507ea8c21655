using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class EvalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public EvalTests()
    {
        _model = RuntimeFiles.Doubling(_folder, "x2.onnx");
        RuntimeFiles.Image(_folder, "data/a.png", 40, 36);
        RuntimeFiles.Image(_folder, "data/b.png", 44, 30);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bicubic_and_the_models_have_means_and_every_image()
    {
        var run = CommandRun.Of("eval", _model, "--data", _folder["data"], "--rgb", "--json");
        Assert.Equal(0, run.ExitCode);
        var json = run.Json();
        Assert.Equal(["data", "scale", "bicubic", "models", "left_out"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["psnr", "ssim", "psnr_rgb", "ssim_rgb", "per_image"],
            json.GetProperty("bicubic").EnumerateObject().Select(p => p.Name));
        var model = json.GetProperty("models")[0];
        Assert.Equal(["path", "params", "macs", "psnr", "ssim", "psnr_rgb", "ssim_rgb", "per_image"],
            model.EnumerateObject().Select(p => p.Name));
        Assert.Equal((9L, 9L * 1280 * 720), (model.GetProperty("params").GetInt64(), model.GetProperty("macs").GetInt64()));
        var images = model.GetProperty("per_image").EnumerateArray().ToArray();
        Assert.Equal(["a", "b"], images.Select(p => p.GetProperty("name").GetString()));
        Assert.Equal(images.Average(p => p.GetProperty("psnr").GetDouble()), model.GetProperty("psnr").GetDouble(), 3);
    }

    [Fact]
    public void Without_rgb_only_luma_is_measured()
    {
        var json = CommandRun.Of("eval", _model, "--data", _folder["data"], "--json").Json();
        Assert.Equal(["psnr", "ssim", "per_image"], json.GetProperty("bicubic").EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public void People_get_tables_and_plots()
    {
        var run = CommandRun.Of("eval", _model, _model, "--data", _folder["data"], "--plot", _folder["plots/p.svg"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^  bicubic +\d+\.\d\d +0\.\d{4} ", run.Out);
        Assert.Matches(@"(?m)^  x2\.onnx +\d+\.\d\d +0\.\d{4} +[+-]\d+\.\d\d +9 +8,294,400 ", run.Out);
        Assert.Contains("×2, 2 images; luma, a border as wide as the scale left out", run.Out, StringComparison.Ordinal);
        Assert.Contains("x2.onnx is read as:", run.Error, StringComparison.Ordinal);
        Assert.Equal(["p.crops.png", "p.svg"],
            Directory.GetFiles(_folder["plots"]).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Restoring_is_measured_against_the_noisy_input()
    {
        RuntimeFiles.Doubling(_folder, "same.onnx", scale: 1);
        var json = CommandRun.Of("eval", _folder["same.onnx"], "--data", _folder["data"], "--task", "restore", "--noise", "10",
            "--json").Json();
        Assert.Equal(28.1, json.GetProperty("input").GetProperty("psnr").GetDouble(), 0.5);
    }

    [Theory]
    [InlineData("MSSR1204", 3, "x2.onnx", "--data", "nowhere")]
    [InlineData("MSSR1204", 3, "x2.onnx", "--data", "empty")]
    [InlineData("MSSR1204", 3, "x2.onnx", "--data", "half")]
    [InlineData("MSSR1201", 3, "x2.onnx", "--data", "bad")]
    [InlineData("MSSR1206", 3, "x2.onnx", "--data", "unfit")]
    [InlineData("MSSR1203", 3, "classifier.onnx", "--data", "data")]
    [InlineData("MSSR1203", 3, "five.onnx", "--data", "data")]
    [InlineData("MSSR1001", 3, "nowhere.onnx", "--data", "data")]
    [InlineData("MSSR1005", 3, "text.onnx", "--data", "data")]
    [InlineData("MSSR1001", 3, "x2.onnx", "--data", "data", "--like", "nowhere.onnx")]
    [InlineData("MSSR3401", 2, "x2.onnx", "--data", "data", "--device", "gpu")]
    [InlineData("MSSR3402", 2, "x2.onnx", "--data", "data", "--plot", "plot.txt")]
    [InlineData("MSSR3007", 2, "x2.onnx", "--data", "data", "--plot", "old.png")]
    [InlineData("MSSR3404", 2, "x2.onnx", "--data", "data", "--scale", "3")]
    [InlineData("MSSR3407", 2, "same.onnx", "--data", "data", "--task", "restore")]
    [InlineData("MSSR3000", 2, "x2.onnx")]
    [InlineData("MSSR3000", 2, "x2.onnx", "--data", "data", "--noise", "-3")]
    public void Mistakes_are_told(string id, int exitCode, string model, params string[] options)
    {
        WriteFiles();
        var before = _folder.State();
        var run = CommandRun.Of(
            [
                "eval", _folder[model],
                .. options.Select(o => o[0] == '-' || o.Length < 3 || o is "gpu" or "restore" ? o : _folder[o])
            ]);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches($@"(?m)^error {id}: .{{20,}}", run.Error);
        Assert.Equal(before, _folder.State());
        Assert.Empty(run.Out);
    }

    [Fact]
    public void A_bad_image_among_others_is_left_out_with_a_warning()
    {
        File.WriteAllText(_folder["data/aa.png"], "no image");
        var run = CommandRun.Of("eval", _model, "--data", _folder["data"], "--json");
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Matches($@"(?m)^warning MSSR1201: {_folder["data/aa.png"]}: .* The image is left out\.$", run.Error);
        Assert.Equal(["aa"], run.Json().GetProperty("left_out").EnumerateArray().Select(n => n.GetString()));
        var alone = run.Json().GetProperty("models")[0].GetProperty("psnr").GetDouble();
        File.Delete(_folder["data/aa.png"]);
        var rest = CommandRun.Of("eval", _model, "--data", _folder["data"], "--json").Json();
        Assert.Equal(rest.GetProperty("models")[0].GetProperty("psnr").GetDouble(), alone);
    }

    [Fact]
    public void Models_of_different_scales_are_not_compared()
    {
        var run = CommandRun.Of("eval", _model, RuntimeFiles.Doubling(_folder, "x3.onnx", scale: 3), "--data", _folder["data"]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Contains("error MSSR3407: The models enlarge by different factors (2, 3).", run.Error, StringComparison.Ordinal);
    }

    private void WriteFiles()
    {
        Directory.CreateDirectory(_folder["empty"]);
        RuntimeFiles.Image(_folder, "half/a_HR.png");
        Directory.CreateDirectory(_folder["bad"]);
        File.WriteAllText(_folder["bad/a.png"], "no image");
        RuntimeFiles.Image(_folder, "unfit/a_HR.png", 40, 30);
        RuntimeFiles.Image(_folder, "unfit/a_LR.png", 20, 14);
        RuntimeFiles.Classifier(_folder, "classifier.onnx");
        RuntimeFiles.Doubling(_folder, "five.onnx", channels: 5);
        RuntimeFiles.Doubling(_folder, "same.onnx", scale: 1);
        File.WriteAllText(_folder["text.onnx"], "a letter");
        File.WriteAllText(_folder["old.png"], "last week's");
    }
}
