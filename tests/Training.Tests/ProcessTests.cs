using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>The trainer as a process of its own that is ended from outside.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The first checkpoint is written after a twentieth of the steps: long before the last, even where the test comes late.
    private const int Some = 500;
    private const int Many = 5000;

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void A_killed_training_that_is_resumed_ends_with_the_weights_of_one_that_was_not()
    {
        using (var killed = StartAndWaitForCheckpoint("killed.onnx", Some))
        {
            killed.Kill();
            killed.WaitForExit();
        }

        Assert.False(File.Exists(_workshop["killed.onnx"]));
        Assert.Equal(0, Run(Arguments("killed.onnx", Some, "--resume")));
        Assert.Equal(0, Run(Arguments("whole.onnx", Some)));
        Assert.Equal(File.ReadAllBytes(_workshop["whole.onnx"]), File.ReadAllBytes(_workshop["killed.onnx"]));
    }

    [Fact]
    public void Interrupted_from_the_keyboard_it_writes_the_best_model_and_ends_well()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var tool = StartAndWaitForCheckpoint("interrupted.onnx", Many);
        Process.Start("kill", ["-INT", tool.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
        var error = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(Patience));
        Assert.Equal(0, tool.ExitCode);
        Assert.Contains("interrupted after", error, StringComparison.Ordinal);
        Assert.Contains("--resume", error, StringComparison.Ordinal);
        Assert.True(File.Exists(_workshop["interrupted.onnx"]));
    }

    [Fact]
    public void A_graphics_card_that_is_not_there_is_an_error_that_says_what_to_do()
    {
        var error = new StringWriter();
        Assert.Equal(4, TrainTool.Program.Run([.. Arguments("out.onnx", Some), "--device", "cuda"], TextWriter.Null, error));
        Assert.Contains("MSSR5603", error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_workshop["out.training"]));
    }

    [Theory]
    [InlineData("onednn-off", "libtorch (without oneDNN): ")]
    [InlineData("onednn-sse41", "libtorch (oneDNN limited to SSE 4.1): ")]
    public void A_form_of_libtorch_is_chosen_by_the_environment(string form, string line)
    {
        using var tool = Start("self-check", "MSSR_ENGINE_FORM", form);
        var (name, said) = (tool.StandardOutput.ReadToEnd(), tool.StandardError.ReadToEnd());
        Assert.True(tool.WaitForExit(Patience));
        Assert.Equal((form, 0), (name.Trim(), tool.ExitCode));
        Assert.StartsWith(line, said, StringComparison.Ordinal);
    }

    private static Process Start(string command, string variable, string value)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mssr-train.dll"), command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[variable] = value;
        return Process.Start(start)!;
    }

    private Process StartAndWaitForCheckpoint(string output, int steps)
    {
        var tool = Process.Start(
            new ProcessStartInfo("dotnet",
                [Path.Combine(AppContext.BaseDirectory, "mssr-train.dll"), .. Arguments(output, steps)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var checkpoint = Path.Combine(Path.ChangeExtension(_workshop[output], ".training"), "checkpoint");
        var watch = Stopwatch.StartNew();
        while (!File.Exists(checkpoint))
        {
            Assert.False(tool.HasExited);
            Assert.True(watch.Elapsed < Patience);
            Thread.Sleep(10);
        }

        return tool;
    }

    private static int Run(string[] arguments)
    {
        var error = new StringWriter();
        var code = TrainTool.Program.Run(arguments, TextWriter.Null, error);
        Assert.True(code == 0, error.ToString());
        return code;
    }

    private string[] Arguments(string output, int steps, params string[] more) =>
    [
        _workshop.Network(), "--data", _workshop.Images(), "--steps", steps.ToString(CultureInfo.InvariantCulture), "--batch",
        "2", "--patch", "16", "--lr", "1e-3", "--colour", "rgb",
        "--range", "0..1", "--threads", "1", "--output", _workshop[output], .. more,
    ];
}
