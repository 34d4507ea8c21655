using System.Text.Json;
using MsSrConvert.Operators;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>Every real network converts into a smaller and faster one of the same output shape.</summary>
[Collection(Networks.Name)]
public sealed class SharedModelTests(NetworkTable table) : IDisposable
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
    public void It_converts_and_saves_parameters_and_multiply_adds(string name, int branches)
    {
        var source = SharedModels.PathOf($"models/{name}");
        var checkedJson = ConvertedModels.Check(table, _folder, name, source, branches, Sizes(source));
        var json = Assert.NotNull(checkedJson);
        Assert.True(Figure(json, "converted", "params") < Figure(json, "source", "params"), "it has no fewer parameters");
        Assert.True(Figure(json, "converted", "macs") < Figure(json, "source", "macs"), "it costs no less");
        Assert.True(json.GetProperty("share").GetDouble() >= 0.8, "convs with less than 80 % of the multiply-adds take part");
    }

    private static long Figure(JsonElement json, string model, string figure) =>
        json.GetProperty(model).GetProperty(figure).GetInt64();

    // An even and an odd size. Networks that pool over 7×7 windows after a stride (ESA) need larger ones on their coarsest
    // branch.
    private static IEnumerable<(int Height, int Width)> Sizes(string source)
    {
        var pools = ModelFile.Read(source).Graph.Nodes.Any(n => n.OpType == "MaxPool");
        return pools ? [(64, 96), (61, 75)] : [(40, 48), (37, 53)];
    }
}
