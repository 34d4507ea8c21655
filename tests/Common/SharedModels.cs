using Xunit;

namespace MsSrConvert.Tests.Common;

/// <summary>The real models and images that lie outside the repository; tests that need them are skipped where they are absent.</summary>
internal static class SharedModels
{
    /// <summary>The folder that holds <c>models</c> and <c>images</c>, or null.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The path of a model by its file name, or by a part of it that no other has.</summary>
    public static string Model(string name)
    {
        var files = Directory.GetFiles(Path.Combine(Root!, "models"), "*.onnx");
        return files.FirstOrDefault(f => Path.GetFileName(f) == name)
            ?? files.Single(f => Path.GetFileName(f).Contains(name, StringComparison.Ordinal));
    }

    /// <summary>The path of a file or folder under <c>images</c>.</summary>
    public static string Images(string relative) => Path.Combine(Root!, "images", relative);

    /// <summary>Why tests are skipped, or null where the files are there.</summary>
    public static string? SkipReason => Root is null ? "No ../shared folder beside the repository (or MSSR_SHARED) with the real models." : null;

    private static string? FindRoot()
    {
        if (Environment.GetEnvironmentVariable("MSSR_SHARED") is { Length: > 0 } set)
            return Directory.Exists(set) ? set : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Combine(at.FullName, "MsSrConvert.sln")))
                continue;
            var shared = Path.Combine(at.FullName, "..", "shared");
            return Directory.Exists(Path.Combine(shared, "models")) ? Path.GetFullPath(shared) : null;
        }

        return null;
    }
}

/// <summary>A fact that needs the real models.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute() => Skip = SharedModels.SkipReason;
}

/// <summary>A theory that needs the real models.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute() => Skip = SharedModels.SkipReason;
}
