using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Zoo;

namespace MsSrConvert.Fuzz.Mutations;

/// <summary>A model that mutants are made from.</summary>
/// <param name="Name">The network's name in the zoo, or the file's path.</param>
/// <param name="Bytes">The file's bytes.</param>
internal sealed record SeedModel(string Name, byte[] Bytes)
{
    // Larger ones show nothing more, and take a second each.
    private const long MostZooBytes = 700_000;
    private const long MostFileBytes = 3_000_000;

    /// <summary>The zoo's small networks, then the small models of folders, in an order that is always the same.</summary>
    public static IReadOnlyList<SeedModel> All(IEnumerable<string> folders) => [.. Zoo(), .. folders.SelectMany(Files)];

    private static IEnumerable<SeedModel> Zoo() => ZooCatalog.Entries.OrderBy(e => e.Name, StringComparer.Ordinal)
        .Select(e => new SeedModel(e.Name, OnnxFile.ToBytes(e.Create(1)))).Where(m => m.Bytes.Length <= MostZooBytes);

    private static IEnumerable<SeedModel> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*.onnx", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(path => new FileInfo(path).Length <= MostFileBytes)
            .Select(path => new SeedModel(path, File.ReadAllBytes(path)));
}
