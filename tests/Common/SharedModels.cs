using Xunit;

namespace MsSrConvert.Tests.Common;

/// <summary>Finds the folder of real models and images that local tests read; it isn't part of the repository.</summary>
public static class SharedModels
{
    /// <summary>Why a test that needs the folder is skipped; null where the folder is there.</summary>
    public static string? SkipReason { get; } =
        Directory.Exists(Path.Combine(Root(), "models"))
            ? null
            : "There is no folder ../shared/models beside the repository, and MSSR_SHARED names none.";

    /// <summary>The shared folder.</summary>
    public static string Folder { get; } = Root();

    /// <summary>The path of a shared file, e.g. <c>models/net.onnx</c>.</summary>
    public static string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>The names of all shared models, without folder; one dummy name where the folder is missing.</summary>
    public static IEnumerable<string> Names => SkipReason is null
        ? Directory.EnumerateFiles(PathOf("models"), "*.onnx").Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal)
        : ["none"];

    /// <summary>The folder of the repository; the current one where the tests don't stand in it.</summary>
    public static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MsSrConvert.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? Environment.CurrentDirectory;
        }
    }

    private static string Root() => Environment.GetEnvironmentVariable("MSSR_SHARED") is { Length: > 0 } named
        ? named
        : Path.GetFullPath(Path.Combine(Repository, "..", "shared"));
}

/// <summary>A test that is skipped where the shared folder is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedFactAttribute : FactAttribute
{
    /// <summary>Decides whether to skip.</summary>
    public SharedFactAttribute() => Skip = SharedModels.SkipReason;
}

/// <summary>A test over data that is skipped where the shared folder is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <summary>Decides whether to skip.</summary>
    public SharedTheoryAttribute() => Skip = SharedModels.SkipReason;
}
