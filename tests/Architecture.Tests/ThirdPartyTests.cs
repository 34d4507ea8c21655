using System.Text.Json;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Architecture.Tests;

/// <summary>THIRD-PARTY.md lists what the lock files say, each with a licence.</summary>
public sealed class ThirdPartyTests
{
    private static readonly IReadOnlyList<string[]> Rows =
    [
        .. File.ReadLines(Path.Combine(SharedModels.Repository, "THIRD-PARTY.md"))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Every_locked_package_is_listed_and_no_other()
    {
        var locked = Directory.GetFiles(SharedModels.Repository, "packages*.lock.json",
                new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).SelectMany(Packages).ToHashSet();
        var listed = Rows.Select(r => (r[1], r[2])).ToHashSet();

        Assert.True(locked.SetEquals(listed),
            "THIRD-PARTY.md is out of date; run scripts/third-party.sh. Missing: "
            + $"{string.Join(", ", locked.Except(listed))}; no longer used: {string.Join(", ", listed.Except(locked))}");
    }

    [Fact]
    public void Every_package_has_a_licence_that_may_be_used_with_the_product()
    {
        string[] known = ["MIT", "Apache-2.0", "BSD-3-Clause", "LGPL-3.0-or-later"];

        Assert.NotEmpty(Rows);
        Assert.All(Rows, r => Assert.True(known.Contains(r[3].Split(' ')[0]), $"{r[1]}: {r[3]}"));
    }

    private static IEnumerable<(string Name, string Version)> Packages(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return [.. document.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project")
            .Select(p => (p.Name, p.Value.GetProperty("resolved").GetString()!))];
    }
}
