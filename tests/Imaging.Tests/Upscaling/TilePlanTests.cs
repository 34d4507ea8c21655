using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Upscaling;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Upscaling;

public class TilePlanTests
{
    private static readonly TileRules Plain = new(64, 8, 0, 1, 1, 1, null);

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Every_pixel_is_kept_once_and_computed_with_its_overlap(int size)
    {
        foreach (var rules in new[]
        {
            Plain, Plain with { Alignment = 4 }, Plain with { Alignment = 6 }, Plain with { Multiple = 16, Alignment = 16 },
            Plain with { Margin = 7 }, Plain with { Minimum = 32 }, Plain with { Fixed = 64 },
            Plain with { Fixed = 64, Margin = 5 },
            Plain with { Overlap = 0 },
        })
        {
            var at = 0;
            foreach (var span in TilePlan.Cut(size, rules))
            {
                Assert.Equal(at, span.Start);
                Assert.True(span.Length > 0);
                at += span.Length;
                var (before, after) = (span.Start - span.InputStart,
                    span.InputStart + span.InputLength - span.Start - span.Length);
                Assert.True(before >= Math.Min(rules.Overlap, span.Start) + rules.Margin, $"{rules}: {span}");
                Assert.True(after >= Math.Min(rules.Overlap, size - at) + rules.Margin, $"{rules}: {span}");
                Assert.Equal(0, span.InputLength % rules.Multiple);
                Assert.True(span.InputLength >= rules.Minimum);
                if (rules.Fixed is { } only)
                    Assert.Equal(only, span.InputLength);
                else
                    Assert.Equal(0, (span.InputStart + rules.Margin) % rules.Alignment);
            }

            Assert.Equal(size, at);
        }
    }

    [Fact]
    public void What_fits_into_one_tile_is_not_cut() =>
        Assert.Equal([new TileSpan(0, 64, 0, 64)], TilePlan.Cut(64, Plain));

    [Fact]
    public void An_overlap_that_leaves_nothing_is_refused_with_both_numbers()
    {
        var error = Assert.Throws<MsSrException>(() => TilePlan.Cut(100, Plain with { Overlap = 32 }));

        Assert.Equal("MSSR3405", error.Diagnostic.Id);
        Assert.Contains("Tiles of 64 pixels are too small for an overlap of 32", error.Message);
    }
}
