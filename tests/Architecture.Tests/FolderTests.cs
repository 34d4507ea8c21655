using Xunit;

namespace MsSrConvert.Architecture.Tests;

/// <summary>Arrows between folders go one way.</summary>
public sealed class FolderTests
{
    public static TheoryData<string> Roots => [.. FolderGraph.Roots];

    [Theory]
    [MemberData(nameof(Roots))]
    public void Folders_have_no_circle(string root)
    {
        if (FolderGraph.FindCircle(FolderGraph.Of(root)) is { } circle)
        {
            Assert.Fail(
                $"Folders of {root} use each other in a circle:\n{string.Join('\n', circle.Select(u => $"  {u.From} -> {u.To}: {u.User} uses {u.Used}"))}");
        }
    }

    [Fact]
    public void A_circle_is_found()
    {
        FolderUse[] uses = [Use("A/", "B/"), Use("B/", "C/"), Use("C/", "D/"), Use("D/", "B/"), Use("C/", "B/"), Use("D/", "E/")];

        Assert.Equal([Use("B/", "C/"), Use("C/", "B/")], FolderGraph.FindCircle(uses));
        Assert.Null(FolderGraph.FindCircle([.. uses.Where(u => u.To != "B/")]));
    }

    [Fact]
    public void Types_of_the_root_may_use_each_other_but_not_in_a_circle_through_a_folder()
    {
        FolderUse[] uses = [Use("One", "Two"), Use("Two", "One"), Use("Two", "A/")];

        Assert.Null(FolderGraph.FindCircle(uses));
        Assert.Equal(3, FolderGraph.FindCircle([.. uses, Use("A/", "One")])?.Count);
    }

    private static FolderUse Use(string from, string to) => new(from, to, from + ".User", to + ".Used");
}
