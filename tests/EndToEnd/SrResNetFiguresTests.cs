using System.Text.Json;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>The patent's network from `zoo` to the converted file: the published figures, recounted from the files.</summary>
public sealed class SrResNetFiguresTests : IDisposable
{
    private const int Side = 32;
    private const int TimesUpTo128 = 128 / Side * (128 / Side);

    private readonly TemporaryFolder _folder = new();
    private readonly string _source;

    public SrResNetFiguresTests()
    {
        _source = _folder["srresnet.onnx"];
        Assert.Equal(0, CommandRun.Of("zoo", "srresnet", "-o", _source).ExitCode);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 1_193_763, 18_900_000_000)]
    [InlineData(3, 941_119, 9_950_000_000)]
    public void The_converted_network_has_the_promised_size_and_cost(int branches, long parameters, long mostMacs)
    {
        var run = CommandRun.Of(_source, "--branches", $"{branches}", "--interaction", "adjacent", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        var json = run.Json();

        AssertFigures(json.GetProperty("source"), _source, 1_591_427, 42_759_880_704, 42_759_880_704);
        AssertFigures(json.GetProperty("converted"), json.GetProperty("output").GetString()!, parameters, 1, mostMacs);
    }

    [Fact]
    public void The_recount_grows_with_the_image_alone()
    {
        Assert.Equal(0, CommandRun.Of(_source, "-n", "3", "--no-check").ExitCode);
        var converted = _folder["srresnet.ms3.onnx"];
        Assert.Equal(Recount.Macs(converted, 24), 9 * Recount.Macs(converted, 8));
    }

    private static void AssertFigures(JsonElement figures, string file, long parameters, long fewestMacs, long mostMacs)
    {
        Assert.Equal(parameters, Recount.Params(file));
        Assert.Equal(parameters, figures.GetProperty("params").GetInt64());
        var macs = Recount.Macs(file, Side) * TimesUpTo128;
        Assert.InRange(macs, fewestMacs, mostMacs);
        Assert.Equal(macs, figures.GetProperty("macs").GetInt64());
    }
}
