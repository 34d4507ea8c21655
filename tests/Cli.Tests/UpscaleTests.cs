using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class UpscaleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public UpscaleTests()
    {
        _model = RuntimeFiles.Doubling(_folder, "x2.onnx");
        RuntimeFiles.Image(_folder, "in/a.png");
        RuntimeFiles.Image(_folder, "in/b.jpg", 30, 20);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_image_is_written_and_what_the_model_wants_is_printed()
    {
        var run = CommandRun.Of("upscale", _folder["in/a.png"], "--model", _model, "-o", _folder["a.png"], "--range", "0..1",
            "--colour", "rgb");
        Assert.Equal(0, run.ExitCode);
        using (var written = ImageReader.Open(_folder["a.png"]))
            Assert.Equal((48, 36), (written.Width, written.Height));
        Assert.Equal(ImageReader.ReadAll(_folder["in/a.png"])[0][0], ImageReader.ReadAll(_folder["a.png"])[0][49]);
        Snapshot.Match(Lines(run.Error.Split("1 of 1 images")[0]));
    }

    [Fact]
    public void A_bad_image_is_reported_at_the_end_and_the_others_are_written()
    {
        File.WriteAllText(_folder["in/aa.png"], "no image");
        var run = CommandRun.Of("upscale", _folder["in"], "-m", _model, "-o", _folder["out"], "--json");
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains($"error MSSR1201: {_folder["in/aa.png"]}: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 3 images written in ", run.Error, StringComparison.Ordinal);
        var json = run.Json();
        Assert.Equal(["model", "scale", "images", "pictures", "failures", "seconds"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["input", "output", "width", "height", "frames", "tiles", "tile", "overlap"],
            json.GetProperty("pictures")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["input", "id", "message"], json.GetProperty("failures")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["property", "value", "source", "reason"],
            json.GetProperty("images")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal([_folder["out/a.png"], _folder["out/b.jpg"]],
            json.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("output").GetString()));
    }

    [Fact]
    public void Large_images_are_cut_into_tiles()
    {
        RuntimeFiles.Image(_folder, "large.png", 100, 70);
        var run = CommandRun.Of("upscale", _folder["large.png"], "-m", _model, "-o", _folder["out.webp"], "--tile", "40",
            "--overlap", "4");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"200×140 +6 of 40, 4 shared", run.Out);
    }

    [Theory]
    [InlineData("MSSR1201", 3, "in/text.png")]
    [InlineData("MSSR1204", 3, "nowhere.png")]
    [InlineData("MSSR1204", 3, "empty", "-o", "out.d")]
    [InlineData("MSSR3406", 2, "in/a.png", "-o", "in/a.png")]
    [InlineData("MSSR3406", 2, "in/a.png", "-o", "in/b.jpg")]
    [InlineData("MSSR3406", 2, "in", "-o", "out.png")]
    [InlineData("MSSR1203", 3, "in/a.png", "--model", "classifier.onnx")]
    [InlineData("MSSR1203", 3, "in/a.png", "--model", "five.onnx")]
    [InlineData("MSSR1001", 3, "in/a.png", "--model", "nowhere.onnx")]
    [InlineData("MSSR1005", 3, "in/a.png", "--model", "in/text.png")]
    [InlineData("MSSR3401", 2, "in/a.png", "--device", "gpu")]
    [InlineData("MSSR3403", 2, "in/a.png", "--colour", "pink")]
    [InlineData("MSSR3403", 2, "in/a.png", "--range", "0..7")]
    [InlineData("MSSR3404", 2, "in/a.png", "--colour", "y")]
    [InlineData("MSSR3404", 2, "in/a.png", "--scale", "3")]
    [InlineData("MSSR3405", 2, "in/a.png", "--tile", "8", "--overlap", "5")]
    [InlineData("MSSR3405", 2, "in", "-o", "out.d", "--tile", "8", "--overlap", "5")]
    [InlineData("MSSR3000", 2, "in/a.png", "--quality", "101")]
    [InlineData("MSSR3000", 2, "in/a.png", "--tile", "-1")]
    public void Mistakes_are_told_and_nothing_is_written(string id, int exitCode, string input, params string[] options)
    {
        File.WriteAllText(_folder["in/text.png"], "no image");
        Directory.CreateDirectory(_folder["empty"]);
        RuntimeFiles.Classifier(_folder, "classifier.onnx");
        RuntimeFiles.Doubling(_folder, "five.onnx", channels: 5);
        var before = _folder.State();
        string[] all = ["upscale", _folder[input], .. options.Select(InFolder)];
        if (!options.Contains("--model"))
            all = [.. all, "--model", _model];
        if (!options.Contains("-o"))
            all = [.. all, "-o", _folder["result.png"]];
        var run = CommandRun.Of(all);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Matches($@"(?m)^error {id}: .{{20,}}", run.Error);
        Assert.Equal(before, _folder.State());
        Assert.Empty(run.Out);
    }

    [Fact]
    public void A_device_that_this_build_lacks_is_an_error_with_the_flag_to_build_with()
    {
        var run = CommandRun.Of("upscale", _folder["in/a.png"], "-m", _model, "-o", _folder["x.png"], "--device", "cuda");
        if (run.ExitCode == 0)
            return;
        Assert.Equal(ExitCodes.ValidationFailed, run.ExitCode);
        Assert.StartsWith("error MSSR5004: Device 'cuda:0' can't be used: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("-p:OrtGpu=true", run.Error, StringComparison.Ordinal);
    }

    private string InFolder(string option) => option.Contains('.') && !option.Contains("..") ? _folder[option] : option;

    private static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
}
