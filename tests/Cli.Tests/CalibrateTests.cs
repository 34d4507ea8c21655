using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>Calibrating while converting and afterwards, from the command line.</summary>
public sealed class CalibrateTests : IDisposable
{
    private static readonly string[] Images = ["--task", "restore", "--range", "0..1", "--colour", "rgb"];
    private static readonly string[] Quick = ["--patches", "4", "--patch-size", "16", "--sweeps", "1", .. Images];

    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public CalibrateTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net);
        RuntimeFiles.Image(_folder, "photos/a.png", 40, 36);
        RuntimeFiles.Image(_folder, "photos/b.jpg", 44, 30, channels: 1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Converting_with_images_gives_a_network_that_is_near_the_source()
    {
        var run = CommandRun.Of([_net, "--calibrate", _folder["photos"], "--json", .. Quick]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"calibrating on 2 images of {_folder["photos"]}", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"wrote {_folder["net.ms2.onnx"]}{Environment.NewLine}", run.Error, StringComparison.Ordinal);
        var json = run.Json();
        Assert.Equal("calibration", json.EnumerateObject().Last().Name);
        var calibration = json.GetProperty("calibration");
        Assert.Equal(
            ["pictures", "patches", "patch_size", "sweeps", "validation_before", "validation_after", "solved", "skipped",
                "layers", "seconds"], Keys(calibration));
        Assert.Equal(["layer", "role", "errors", "condition", "skipped"], Keys(calibration.GetProperty("layers")[0]));
        Assert.Equal(["head", "middle1", "middle2", "tail"],
            calibration.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("layer").GetString()));
        Assert.Equal((4, "16x16", 4, 0),
            (Number(calibration, "patches"), calibration.GetProperty("patch_size").GetString(), Number(calibration, "solved"),
                Number(calibration, "skipped")));
        Assert.InRange(calibration.GetProperty("validation_after").GetDouble(),
            calibration.GetProperty("validation_before").GetDouble() + 3, 200);
    }

    [Fact]
    public void The_table_names_every_layer_and_the_summary_counts_them()
    {
        var run = CommandRun.Of([_net, "--calibrate", _folder["photos"], .. Quick]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"head +separation +0\.0 % +[\d.]+ %", run.Out);
        Assert.Matches(@"tail +fusion +[\d.]+ %", run.Out);
        Assert.Matches(@"4 layers: 4 solved, 0 not; 1 sweeps?; 4 patches of 16×16 from 2 images of ", run.Out);
        Assert.Matches(@"on images held back: [\d.]+ dB before, [\d.]+ dB after", run.Out);
        Assert.Contains("multiply-adds", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_folder_images_are_drawn_and_that_is_said()
    {
        var run = CommandRun.Of([_net, "--calibrate", .. Quick]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("calibrating on synthetic images; give a folder", run.Error, StringComparison.Ordinal);
        Assert.Contains("synthetic images", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_converted_model_is_calibrated_as_if_it_had_been_from_the_start()
    {
        string[] conversion = ["-n", "3", "--interaction", "full", "--channel-align", "2", "--keep", "middle2"];
        Assert.Equal(0, CommandRun.Of([_net, .. conversion, "-o", _folder["converted.onnx"]]).ExitCode);
        Assert.Equal(0,
            CommandRun.Of(
                [_net, .. conversion, "--calibrate", _folder["photos"], "-o", _folder["whole.onnx"], .. Quick]).ExitCode);
        var run = CommandRun.Of(
            ["calibrate", _folder["converted.onnx"], "--teacher", _net, "--data", _folder["photos"], "--json", .. Quick]);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["output", "calibration"], Keys(run.Json()));
        Assert.Equal(_folder["converted.calibrated.onnx"], run.Json().GetProperty("output").GetString());
        Assert.Equal(File.ReadAllBytes(_folder["whole.onnx"]), File.ReadAllBytes(_folder["converted.calibrated.onnx"]));
    }

    [Fact]
    public void Calibrating_again_gives_the_same_bytes_and_another_seed_others()
    {
        string[] common = [_net, "--calibrate", _folder["photos"], .. Quick];
        Assert.Equal(0, CommandRun.Of([.. common, "-o", _folder["first.onnx"]]).ExitCode);
        Assert.Equal(0,
            CommandRun.Of(
                ["calibrate", _folder["first.onnx"], "--teacher", _net, "--data", _folder["photos"], "-o", _folder["again.onnx"],
                    .. Quick]).ExitCode);
        Assert.Equal(0, CommandRun.Of([.. common, "-o", _folder["other.onnx"], "--seed", "7"]).ExitCode);
        Assert.Equal(File.ReadAllBytes(_folder["first.onnx"]), File.ReadAllBytes(_folder["again.onnx"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["first.onnx"]), File.ReadAllBytes(_folder["other.onnx"]));
    }

    [Fact]
    public void The_model_says_that_it_is_calibrated_until_it_is_converted_anew()
    {
        Assert.Equal(0, CommandRun.Of([_net, "--calibrate", _folder["photos"], "--seed", "5", .. Quick]).ExitCode);
        var model = ModelFile.Read(_folder["net.ms2.onnx"]);
        using var json = JsonDocument.Parse(model.GetMetadata("mssr.calibrated")!);
        Assert.Equal(["pictures", "drawn", "patches", "patch_size", "seed", "sweeps", "validation_db", "version"],
            Keys(json.RootElement));
        Assert.Equal((2, 5), (Number(json.RootElement, "pictures"), Number(json.RootElement, "seed")));
        Assert.Equal(("calibrated", "rgb", "0..1"),
            (model.GetMetadata("mssr.start"), model.GetMetadata("mssr.image.colour"), model.GetMetadata("mssr.image.range")));
        Assert.Matches(@"train form, calibrated on 4 patches \([\d.]+ dB from the source\)",
            CommandRun.Of("verify", _folder["net.ms2.onnx"]).Out);

        var source = ModelFile.Read(_net);
        source.SetMetadata("mssr.calibrated", "{}");
        OnnxFile.Write(source, _folder["marked.onnx"]);
        Assert.Equal(0, CommandRun.Of(_folder["marked.onnx"]).ExitCode);
        Assert.Null(ModelFile.Read(_folder["marked.ms2.onnx"]).GetMetadata("mssr.calibrated"));
    }

    [Fact]
    public void A_bad_image_among_others_is_left_out_with_a_warning()
    {
        WriteFiles();
        RuntimeFiles.Image(_folder, "broken/a.png", 80, 80);
        var run = CommandRun.Of(_folder["net.onnx"], "--calibrate", _folder["broken"], "-o", _folder["result.onnx"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches($@"(?m)^warning MSSR1201: {_folder["broken/b.png"]}: .* The image is left out\.$", run.Error);
        Assert.True(File.Exists(_folder["result.onnx"]));
    }

    [Theory]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--patches", "1")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--patch-size", "0")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--sweeps", "-1")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--time", "soon")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--noise", "0")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--memory", "plenty")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--memory", "-4G")]
    [InlineData("MSSR3000", 2, "net.onnx", "--calibrate", "photos", "--seed", "x")]
    [InlineData("MSSR3301", 2, "net.onnx", "--calibrate", "photos", "--memory", "10M")]
    [InlineData("MSSR3302", 2, "net.onnx", "--patches", "8")]
    [InlineData("MSSR3302", 2, "net.onnx", "--range", "0..1")]
    [InlineData("MSSR3303", 2, "net.onnx", "--calibrate", "photos", "--init", "random")]
    [InlineData("MSSR3403", 2, "net.onnx", "--calibrate", "photos", "--colour", "pink")]
    [InlineData("MSSR3404", 2, "net.onnx", "--calibrate", "photos", "--task", "sr")]
    [InlineData("MSSR1207", 3, "net.onnx", "--calibrate", "broken")]
    [InlineData("MSSR1204", 3, "net.onnx", "--calibrate", "nowhere")]
    [InlineData("MSSR1204", 3, "net.onnx", "--calibrate", "empty")]
    [InlineData("MSSR1207", 3, "net.onnx", "--calibrate", "photos", "--patch-size", "64")]
    [InlineData("MSSR1203", 3, "classifier.onnx", "--calibrate", "photos")]
    [InlineData("MSSR2001", 1, "net.onnx", "--calibrate", "photos", "--keep", "*")]
    [InlineData("MSSR2303", 1, "infinite.onnx", "--calibrate", "photos", "--patch-size", "16")]
    [InlineData("MSSR3000", 2, "calibrate", "net.ms2.onnx")]
    [InlineData("MSSR1001", 3, "calibrate", "nowhere.onnx", "--teacher", "net.onnx")]
    [InlineData("MSSR1001", 3, "calibrate", "net.ms2.onnx", "--teacher", "nowhere.onnx")]
    [InlineData("MSSR2201", 1, "calibrate", "deployed.onnx", "--teacher", "net.onnx")]
    [InlineData("MSSR2301", 1, "calibrate", "net.onnx", "--teacher", "net.onnx")]
    [InlineData("MSSR2302", 1, "calibrate", "net.ms2.onnx", "--teacher", "wide.onnx")]
    [InlineData("MSSR2302", 1, "calibrate", "net.ms2.onnx", "--teacher", "odd.onnx")]
    [InlineData("MSSR3006", 2, "calibrate", "net.ms2.onnx", "--teacher", "net.onnx", "-o", "net.onnx")]
    [InlineData("MSSR3006", 2, "calibrate", "net.ms2.onnx", "--teacher", "net.onnx", "-o", "net.ms2.onnx", "--force")]
    [InlineData("MSSR3007", 2, "calibrate", "net.ms2.onnx", "--teacher", "net.onnx", "-o", "wide.onnx")]
    public void Mistakes_are_told_and_nothing_is_written(string id, int exitCode, params string[] args)
    {
        WriteFiles();
        var before = _folder.State();
        string[] all = [.. args
            .Select(
                a => a is "photos" or "broken" or "nowhere" or "empty"
                    || a.EndsWith(".onnx", StringComparison.Ordinal) ? _folder[a] : a)];
        if (!args.Contains("-o"))
            all = [.. all, "-o", _folder["result.onnx"]];
        var run = CommandRun.Of(all);
        Assert.Matches($@"(?m)^error {id}: .{{20,}}", run.Error);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(before, _folder.State());
        Assert.Empty(run.Out);
    }

    [Fact]
    public void What_could_not_be_told_of_the_images_is_named_with_the_option_that_says_it()
    {
        var run = CommandRun.Of(_net, "--calibrate", _folder["photos"], "--patches", "4", "--patch-size", "16", "--sweeps", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^warning MSSR1301: net\.onnx: .* can't be told .*\(range, .* Say it with --range, --", run.Error);
    }

    [Fact]
    public void Layers_that_cannot_be_solved_are_named_with_the_reason_and_counted()
    {
        WriteFiles();
        // Two layers with one kernel: it can't be solved for both.
        var tied = ModelFile.Read(_net);
        var (first, second) = (tied.Graph.Nodes.Single(n => n.Name == "middle1"),
            tied.Graph.Nodes.Single(n => n.Name == "middle2"));
        second.SetInput(1, first.Input(1));
        OnnxFile.Write(tied, _folder["tied.onnx"]);
        string[] call = [_folder["tied.onnx"], "--calibrate", _folder["photos"], "--patches", "4", "--patch-size", "16",
            "--sweeps", "0", .. Images];
        var run = CommandRun.Of([.. call, "-o", _folder["table.onnx"]]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches("middle2 +interaction +not solved: its kernels belong to a layer before it too", run.Out);
        Assert.Contains("4 layers: 3 solved, 1 not;", run.Out, StringComparison.Ordinal);
        var json = CommandRun.Of([.. call, "-o", _folder["json.onnx"], "--json"]).Json().GetProperty("calibration");
        Assert.Equal((3, 1), (Number(json, "solved"), Number(json, "skipped")));
        Assert.StartsWith("its kernels", json.GetProperty("layers")[2].GetProperty("skipped").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_one_odd_size_is_refused_with_the_reasons()
    {
        WriteFiles();
        var run = CommandRun.Of(
            [
                _folder["odd.onnx"], "--calibrate", _folder["photos"], "--patches", "4", "--sweeps", "0", .. Images, "-o",
                _folder["none.onnx"]
            ]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error MSSR2303: odd.onnx: no layer could be solved:", run.Error, StringComparison.Ordinal);
        Assert.Contains("head: branch 1 is 1×4×34×34, and 1×4×33×33 would stand for the source's 1×8×33×33", run.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Where_memory_is_short_fewer_patches_are_used_and_that_is_said()
    {
        var run = CommandRun.Of(
            [_net, "--calibrate", "--memory", "500M", "--patch-size", "16", "--sweeps", "0", .. Images, "--patches", "4000"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^warning MSSR5301: \d+ patches instead of 4000, to stay within 0\.49 GiB\.", run.Error);
    }

    [Fact]
    public void A_request_to_end_leaves_everything_as_it_was()
    {
        if (OperatingSystem.IsWindows())
            return;
        var before = _folder.State();
        using var tool = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "mssr-convert.dll"), _net, "--calibrate", _folder["photos"], "--patches",
                "2000", "--patch-size", "16", .. Images
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        while (tool.StandardError.ReadLine() is { } line && !line.StartsWith("calibrating on", StringComparison.Ordinal))
        {
        }

        Thread.Sleep(1000);
        Assert.False(tool.HasExited);
        Process.Start("kill", ["-TERM", tool.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(2)));
        Assert.Equal(ExitCodes.Interrupted, tool.ExitCode);
        Assert.Equal(before, _folder.State());
    }

    private void WriteFiles()
    {
        Assert.Equal(0, CommandRun.Of(_net).ExitCode);
        Assert.Equal(0, CommandRun.Of("deploy", _folder["net.ms2.onnx"], "-o", _folder["deployed.onnx"]).ExitCode);
        TinyNet.Write(_folder["wide.onnx"], channels: 12);
        TinyNet.Write(_folder["infinite.onnx"], scale: float.PositiveInfinity);
        var classifier = ModelFile.Read(_net);
        var (graph, image) = (classifier.Graph, classifier.Graph.Outputs[0]);
        var score = graph.Add(
            new Node("GlobalAveragePool", [image],
                [new Value("score", new TensorType(ElementType.Float, Shape.Known(1, 3, 1, 1)))], "pool")).Output;
        graph.ReplaceOutput(image, score);
        OnnxFile.Write(classifier, _folder["classifier.onnx"]);
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["broken"]);
        File.WriteAllText(_folder["broken/b.png"], "no image");
        var odd = ModelFile.Read(_net);
        foreach (var value in odd.Graph.Inputs.Concat(odd.Graph.Outputs))
            value.Type = new TensorType(ElementType.Float, Shape.Known(1, 3, 33, 33));
        OnnxFile.Write(odd, _folder["odd.onnx"]);
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(p => p.Name);

    private static int Number(JsonElement element, string key) => element.GetProperty(key).GetInt32();
}
