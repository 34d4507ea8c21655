using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Tests.Common;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.EndToEnd;

/// <summary>
/// Every network of the zoo that ONNX Runtime can run converts into one of the same output shape, or is declined by name.
/// </summary>
[Collection(Networks.Name)]
public sealed class ZooTests(NetworkTable table) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var entry in ZooCatalog.Entries.Where(e => e.Runs))
        {
            cases.Add(entry.Name, 2);
            cases.Add(entry.Name, 3);
        }

        return cases;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_converts_or_is_declined(string name, int branches)
    {
        var entry = ZooCatalog.Find(name);
        var source = _folder["source.onnx"];
        OnnxFile.Write(entry.Create(1), source);
        ConvertedModels.Check(table, _folder, $"zoo {name}", source, branches, Sizes(entry, branches));
    }

    // An even and an odd size where the network takes any; the coarsest branch must still be as large as the smallest input.
    private static IEnumerable<(int Height, int Width)> Sizes(ZooEntry entry, int branches)
    {
        if (entry.StaticSide is { } side)
            return [(side, side)];
        var least = Math.Max(16, entry.SmallestInput << (branches - 1));
        var multiple = entry.SizeMultiple;
        var even = (least + (2 * multiple) - 1) / (2 * multiple) * 2 * multiple;
        return [(even, even + (2 * multiple)), (even + multiple, even + (3 * multiple))];
    }
}
