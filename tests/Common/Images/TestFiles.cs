namespace MsSrConvert.Tests.Common;

/// <summary>Paths of the shared models and images.</summary>
internal static class TestFiles
{
    /// <summary>A model by its file name, or by a part of it that no other has.</summary>
    public static string Model(string name) => SharedModels.PathOf("models/" + (SharedModels.Names.FirstOrDefault(n => n == name)
        ?? SharedModels.Names.Single(n => n.Contains(name, StringComparison.Ordinal))));

    /// <summary>A file or folder under <c>images</c>.</summary>
    public static string Images(string relative) => SharedModels.PathOf("images/" + relative);
}
