using MsSrConvert.Tests.Common;
using Snapshooter.Xunit;
using Xunit;

namespace MsSrConvert.Cli.Tests;

public sealed class TableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _net;

    public TableTests()
    {
        _net = _folder["net.onnx"];
        TinyNet.Write(_net);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Converting_prints_figures_before_and_after() => Snapshot.Match(Print(_net, "--input-shape", "1x3x30x45"));

    [Fact]
    public void Inspecting_prints_every_conv_with_its_role_and_the_reason() =>
        Snapshot.Match(Print("inspect", _net, "--keep", "mid*1", "--assume-multiple"));

    [Fact]
    public void Zoo_without_a_name_lists_the_networks()
    {
        var list = Print("zoo");
        Assert.Contains("  srresnet  ", list, StringComparison.Ordinal);
        Assert.Contains("  rcan  ", list, StringComparison.Ordinal);
    }

    private static string Print(params string[] args)
    {
        var run = CommandRun.Of(args);
        Assert.InRange(run.ExitCode, 0, 1);
        return string.Join('\n', run.Out.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()));
    }
}
