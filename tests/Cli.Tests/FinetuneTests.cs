using MsSrConvert.Cli.Commands;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>The command that starts the trainer, which is a tool of its own; training itself is tested beside it.</summary>
public sealed class FinetuneTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_trainer_is_found_beside_the_tool() =>
        Assert.Equal([File("mssr-train.dll")], FinetuneCommand.Find(_folder.Path)!.Value.Arguments);

    [Fact]
    public void The_trainer_is_found_where_it_is_built()
    {
        var trainer = File("src/TrainTool/bin/Release/net10.0/mssr-train.dll");
        Assert.Equal([trainer], FinetuneCommand.Find(Folder("src/Cli/bin/Release/net10.0"))!.Value.Arguments);
        Assert.Equal([trainer],
            FinetuneCommand.Find(Folder("src/Cli/bin/Debug/net10.0") + Path.DirectorySeparatorChar)!.Value.Arguments);
        File("src/TrainTool/bin/Debug/net10.0/mssr-train.dll");
        Assert.Equal([trainer], FinetuneCommand.Find(Folder("src/Cli/bin/Release/net10.0"))!.Value.Arguments);
    }

    [Fact]
    public void Where_there_is_no_trainer_there_is_none() => Assert.Null(FinetuneCommand.Find(_folder.Path));

    [Theory]
    [InlineData("--time-budget: 'soon' is not a time such as 90s, 20m or 1h30m.", "--time-budget", "soon")]
    [InlineData("--distill: '2' is not a number from 0 to 1.", "--distill", "2")]
    [InlineData("--steps: 0 is not within 1 and 2147483647.", "--steps", "0")]
    [InlineData("--device: 'tpu' is not one of cpu, cuda.", "--device", "tpu")]
    public void A_mistake_is_found_before_the_trainer_is_started(string message, params string[] options)
    {
        var run = CommandRun.Of(["finetune", "net.onnx", "--data", "photos", .. options]);
        Assert.Equal(ExitCodes.Usage, run.ExitCode);
        Assert.StartsWith($"error MSSR3000: {message}", run.Error, StringComparison.Ordinal);
    }

    private string Folder(string name) => Directory.CreateDirectory(_folder[name]).FullName;

    private string File(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        System.IO.File.WriteAllText(_folder[name], "");
        return _folder[name];
    }
}
