using System.Text.RegularExpressions;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Architecture.Tests;

/// <summary>The images of docs/architecture.md show what the compiled code does.</summary>
public sealed partial class ImageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SharedModels.Repository, "docs", "architecture.md"));

    [Fact]
    public void The_image_of_the_assemblies_is_right() => Check("assemblies", FolderGraph.BetweenAssemblies());

    [Fact]
    public void The_image_of_the_passes_folders_is_right() =>
        Check("MsSrConvert.Passes",
            [
                .. FolderGraph.Of("MsSrConvert.Passes").Where(u => u.From.EndsWith('/') && u.To.EndsWith('/'))
                    .Select(u => (u.From.TrimEnd('/'), u.To.TrimEnd('/')))
            ]);

    // An arrow that follows from others needn't be drawn; one that is drawn must be there.
    private static void Check(string image, IReadOnlyList<(string From, string To)> arrows)
    {
        var drawn = Drawn(image);
        Assert.NotEmpty(drawn);
        Assert.Empty(drawn.Except(arrows));
        Assert.All(arrows, a => Assert.True(Reaches(drawn, a.From, a.To), $"{a.From} uses {a.To}, which the image doesn't show"));
    }

    private static (string From, string To)[] Drawn(string image)
    {
        var block = Blocks().Matches(Page).Select(m => m.Groups["body"].Value)
            .Single(b => b.Contains($"%% {image}\n", StringComparison.Ordinal));
        return [.. Arrows().Matches(block).Select(m => (m.Groups["from"].Value, m.Groups["to"].Value))];
    }

    private static bool Reaches((string From, string To)[] arrows, string from, string to) =>
        arrows.Any(a => a.From == from && (a.To == to || Reaches(arrows, a.To, to)));

    [GeneratedRegex(@"```mermaid\n(?<body>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^ *(?<from>\w+) --> (?<to>\w+)$", RegexOptions.Multiline)]
    private static partial Regex Arrows();
}
