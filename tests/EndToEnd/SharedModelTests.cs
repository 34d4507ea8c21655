using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>Every real network converts into one of the same output shape, or is declined by name; nothing else ever happens.</summary>
public sealed class SharedModelTests(NetworkTable table) : IClassFixture<NetworkTable>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var name in SharedModels.Names)
        {
            cases.Add(name, 2);
            cases.Add(name, 3);
        }

        return cases;
    }

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [MemberData(nameof(Cases))]
    public void It_converts_or_is_declined(string name, int branches)
    {
        var source = SharedModels.PathOf($"models/{name}");
        var output = _folder["converted.onnx"];
        var run = CommandRun.Of(source, "-o", output, "--branches", $"{branches}", "--no-check", "--json");
        if (run.ExitCode == 1)
        {
            Assert.Contains("MSSR2", run.Error, StringComparison.Ordinal);
            Assert.Empty(_folder.Names);
            table.Declined(name, branches, run.Error);
            return;
        }

        Assert.True(run.ExitCode == 0, run.Error);
        table.Converted(name, branches, run.Json());
        var sizes = Sizes(source).ToList();
        Assert.Contains(sizes, size => table.SourceShapes(source, size.Height, size.Width) is not null);
        foreach (var (height, width) in sizes)
        {
            if (table.SourceShapes(source, height, width) is not { } expected)
                continue;
            var actual = NetworkRun.At(output, height, width);
            Assert.Equal(expected.Keys, actual.Keys);
            Assert.All(actual, o => Assert.Equal(expected[o.Key], o.Value.Dims));
            Assert.All(actual, o => Assert.True(o.Value.IsFinite(), $"{o.Key} isn't finite at {height}×{width}"));
        }
    }

    // An even and an odd size. Networks that pool over 7×7 windows after a stride (ESA) need larger ones on their coarsest branch.
    private static IEnumerable<(int Height, int Width)> Sizes(string source)
    {
        var pools = OnnxFile.Read(source).Graph.Nodes.Any(n => n.OpType == "MaxPool");
        return pools ? [(64, 96), (61, 75)] : [(40, 48), (37, 53)];
    }
}
