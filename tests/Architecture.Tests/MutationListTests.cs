using System.Text.Json;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Architecture.Tests;

/// <summary>The list of wrong changes that <c>scripts/mutation-test.sh</c> applies fits the sources.</summary>
public sealed class MutationListTests
{
    private static readonly IReadOnlyList<Mutation> All = Read();

    [Fact]
    public void Every_wrong_change_can_be_applied()
    {
        string[] unfit =
        [
            .. All.Where(m => Occurrences(m) != 1).Select(m => $"{m.Id}: {Occurrences(m)} times in {m.File}"),
            .. All.Where(m => m.Old == m.New).Select(m => $"{m.Id} changes nothing"),
        ];

        Assert.True(unfit.Length == 0,
            "The text of a wrong change must stand once in its file; bring tests/Mutations/mutations.json up to date:\n"
            + string.Join('\n', unfit));
    }

    [Fact]
    public void Every_wrong_change_has_a_name_of_its_own_says_what_is_wrong_and_names_a_test_project()
    {
        Assert.Equal(All.Select(m => m.Id).Distinct(), All.Select(m => m.Id));
        Assert.All(All, m => Assert.NotEqual("", m.Wrong));
        Assert.All(All, m => Assert.True(Directory.Exists(InRepository($"tests/{m.Tests}")), $"{m.Id}: no tests/{m.Tests}"));
        Assert.All(All, m => Assert.All(m.Filter.Split('|'), part => Assert.True(m.Filter == "" || part.StartsWith('~'), m.Id)));
    }

    [Fact]
    public void The_list_is_long_and_reaches_every_assembly_of_the_product()
    {
        Assert.InRange(All.Count, 60, int.MaxValue);
        string[] reached = [.. All.Select(m => m.File.Split('/')[1]).Distinct().Order(StringComparer.Ordinal)];
        // The training tool has no logic of its own.
        Assert.Equal(
            Directory.GetDirectories(InRepository("src")).Select(f => Path.GetFileName(f)).Where(f => f != "TrainTool")
                .Order(StringComparer.Ordinal), reached);
    }

    private static int Occurrences(Mutation mutation)
    {
        var (text, count) = (File.ReadAllText(InRepository(mutation.File)).ReplaceLineEndings("\n"), 0);
        for (var at = 0; (at = text.IndexOf(mutation.Old, at, StringComparison.Ordinal)) >= 0; at += mutation.Old.Length)
            count++;
        return count;
    }

    private static Mutation[] Read() => JsonSerializer.Deserialize<Mutation[]>(
        File.ReadAllText(InRepository("tests/Mutations/mutations.json")), JsonSerializerOptions.Web)!;

    private static string InRepository(string path) => Path.Combine(SharedModels.Repository, path);

    private sealed record Mutation(string Id, string File, string Wrong, string Old, string New, string Tests, string Filter);
}
