using System.Text.Json;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>Tests over many networks: they share a table and run one after another, since each run uses all processors.</summary>
[CollectionDefinition(Name)]
public sealed class Networks : ICollectionFixture<NetworkTable>
{
    public const string Name = "networks";
}

/// <summary>Converts networks, one file each, and compares what comes out with what the source gives.</summary>
internal static class ConvertedModels
{
    // Where other checkers look for the converted models after the tests.
    private static readonly string? KeptFolder = Environment.GetEnvironmentVariable("MSSR_CONVERTED") is { Length: > 0 } named
        ? named : null;

    /// <summary>
    /// Converts a network: it either comes out with the source's output shape at every size that the source takes, or it is
    /// declined; anything else fails.
    /// </summary>
    /// <returns>The tool's JSON; null when the network is declined.</returns>
    public static JsonElement? Check(
        NetworkTable table, TemporaryFolder folder, string name, string source, int branches,
        IEnumerable<(int Height, int Width)> sizes)
    {
        var output = folder["converted.onnx"];
        var run = CommandRun.Of(source, "-o", output, "--branches", $"{branches}", "--no-check", "--json");
        if (run.ExitCode == 1)
        {
            Assert.Contains("MSSR2", run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(output), "a file was left behind");
            table.Declined(name, branches, run.Error);
            return null;
        }

        Assert.True(run.ExitCode == 0, run.Error);
        var json = run.Json();
        table.Converted(name, branches, json);
        if (KeptFolder is not null)
        {
            File.Copy(output, Path.Combine(KeptFolder, $"{Path.GetFileNameWithoutExtension(name)}.ms{branches}.onnx"),
                overwrite: true);
        }

        var smallest = json.GetProperty("smallest_input");
        if (smallest.GetProperty("source").TryGetInt64(out var before)
            && smallest.GetProperty("converted").TryGetInt64(out var after))
        {
            Assert.InRange(after, 1, before << (branches - 1));
        }

        CompareShapes(table, source, output, sizes);
        return json;
    }

    private static void CompareShapes(NetworkTable table, string source, string output,
        IEnumerable<(int Height, int Width)> sizes)
    {
        var compared = 0;
        foreach (var (height, width) in sizes)
        {
            if (table.SourceShapes(source, height, width) is not { } expected)
                continue;
            var actual = NetworkRun.At(output, height, width);
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.All(actual, o => Assert.Equal(expected[o.Key], o.Value.Dims));
            Assert.All(actual, o => Assert.True(o.Value.IsFinite(), $"{o.Key} isn't finite at {height}×{width}"));
            compared++;
        }

        Assert.True(compared > 0, "the source takes none of the sizes");
    }
}
