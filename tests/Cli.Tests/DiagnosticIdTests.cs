using System.Text.RegularExpressions;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Cli.Tests;

/// <summary>The ids of messages are documented and never used for two things.</summary>
public sealed partial class DiagnosticIdTests
{
    // The same mistake, found in more than one place.
    private static readonly string[] FoundInSeveralPlaces = ["MSSR1001", "MSSR1202", "MSSR1204", "MSSR2105", "MSSR3402",
        "MSSR3405", "MSSR5001", "MSSR5002", "MSSR5003"];

    [Fact]
    public void Every_id_in_the_sources_stands_once_in_the_reference()
    {
        var used = Sources().SelectMany(s => Id().Matches(s.Text).Select(m => m.Value)).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(used, Documented());
    }

    [Fact]
    public void No_id_has_two_meanings()
    {
        var users = Sources().SelectMany(s => Literal().Matches(s.Text).Select(m => (Id: m.Groups[1].Value, s.Path)))
            .GroupBy(u => u.Id, u => u.Path).Where(g => g.Distinct().Count() > 1);
        Assert.Equal(FoundInSeveralPlaces, users.Select(g => g.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_kind_of_id_has_a_documented_exit_code()
    {
        var reference = Reference();
        foreach (var id in Documented())
        {
            var code = ExitCodes.Of(new GraphIR.Diagnostic(id, GraphIR.Severity.Error, ""));
            Assert.Matches($@"\| {code} \| [^|]+ \| {id[..5]}xxx \|", reference);
        }
    }

    private static IEnumerable<string> Documented() => DocumentedId().Matches(Reference()).Select(m => m.Groups[1].Value);

    private static string Reference() => File.ReadAllText(Path.Combine(SharedModels.Repository, "docs", "cli.md"));

    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var separator = Path.DirectorySeparatorChar;
        return Directory.EnumerateFiles(Path.Combine(SharedModels.Repository, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{separator}obj{separator}", StringComparison.Ordinal))
            .Select(path => (path, File.ReadAllText(path)));
    }

    [GeneratedRegex(@"MSSR\d{4}")]
    private static partial Regex Id();

    [GeneratedRegex(@"""(MSSR\d{4})""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^\| (MSSR\d{4}) \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedId();
}
