using System.Text.RegularExpressions;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>docs/cli.md names everything that the tool takes and gives.</summary>
public sealed partial class ReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _reference = File.ReadAllText(Path.Combine(SharedModels.Repository, "docs", "cli.md"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("inspect")]
    [InlineData("zoo")]
    [InlineData("verify")]
    [InlineData("bench")]
    [InlineData("upscale")]
    [InlineData("eval")]
    [InlineData("devices")]
    [InlineData("finetune")]
    [InlineData("calibrate")]
    [InlineData("export-pytorch")]
    [InlineData("import-weights")]
    public void Every_option_is_documented(params string[] command)
    {
        var help = CommandRun.Of([.. command, "--help"]).Out;
        var options = Option().Matches(help).Select(m => m.Value).Except(["--help", "--version"]);
        Assert.All(options, option => Assert.Matches($@"`?{option}\b", _reference));
    }

    [Fact]
    public void Every_key_of_the_JSON_is_documented()
    {
        TinyNet.Write(_folder["net.onnx"]);
        var json = CommandRun.Of(_folder["net.onnx"], "--json").Json();
        var keys = json.EnumerateObject().Select(p => p.Name)
            .Concat(json.GetProperty("source").EnumerateObject().Select(p => p.Name))
            .Concat(json.GetProperty("convs")[0].EnumerateObject().Select(p => p.Name));
        Assert.All(keys, key => Assert.Contains($"`{key}`", _reference, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"--[a-z][a-z-]+")]
    private static partial Regex Option();
}
