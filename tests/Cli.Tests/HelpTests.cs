using MsSrConvert.Tests.Common;
using Snapshooter;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public class HelpTests
{
    [Fact]
    public void Help_of_the_tool() => Snapshot.Match(Help("--help"));

    [Fact]
    public void Help_of_inspect() => Snapshot.Match(Help("inspect", "--help"));

    [Fact]
    public void Help_of_zoo() => Snapshot.Match(Help("zoo", "--help"));

    [Theory]
    [InlineData("verify"), InlineData("bench"), InlineData("upscale"), InlineData("eval"), InlineData("devices"),
        InlineData("calibrate")]
    [InlineData("export-pytorch"), InlineData("import-weights"), InlineData("finetune")]
    public void Help_of_a_command(string command) =>
        Snapshot.Match(Help(command, "--help"), SnapshotNameExtension.Create(command));

    [Fact]
    public void Help_of_deploy() => Snapshot.Match(Help("deploy", "--help"));

    [Fact]
    public void Help_does_not_depend_on_the_terminals_width() =>
        Assert.All(Help("--help").Split('\n'), line => Assert.True(line.Length <= 120, line));

    [Fact]
    public void The_version_is_one_line_on_stdout()
    {
        var run = CommandRun.Of("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Out.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("Required argument missing for command: 'mssr-convert'.", "mssr-convert --help")]
    [InlineData("Unrecognized command or argument '--shade'.", "mssr-convert --help", "net.onnx", "--shade")]
    [InlineData("Unrecognized command or argument 'second.onnx'.", "mssr-convert --help", "net.onnx", "second.onnx")]
    [InlineData("Required argument missing for command: 'inspect'.", "mssr-convert inspect --help", "inspect")]
    [InlineData("Required argument missing for option: '-o'.", "mssr-convert --help", "net.onnx", "-o")]
    [InlineData("--branches: 'two' is not a whole number in range.", "mssr-convert --help", "net.onnx", "--branches", "two")]
    [InlineData("--opset: '1e3' is not a whole number in range.", "mssr-convert inspect --help", "inspect", "net.onnx", "--opset",
        "1e3")]
    [InlineData("--interaction: 'some' is not one of adjacent, full.", "mssr-convert --help", "net.onnx", "--interaction",
        "some")]
    public void A_mistake_on_the_command_line_is_named_with_where_to_look(string message, string help, params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.Equal($"error MSSR3000: {message}{Environment.NewLine}Run '{help}' for the options.{Environment.NewLine}",
            run.Error);
        Assert.Empty(run.Out);
    }

    private static string Help(params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        return run.Out.ReplaceLineEndings("\n");
    }
}
