using MsSrConvert.GraphIR;
using MsSrConvert.Passes.MultiScale;
using Xunit;

namespace MsSrConvert.Passes.Tests.MultiScale;

public class SideFormulaTests
{
    private static readonly Dim Side = Dim.Of("h");

    public static TheoryData<string, Func<Dim, Dim>, long> Networks => new()
    {
        { "same size", h => h, 2 },
        { "four times", h => h * 4, 4 },
        { "two pixels less", h => h - 2, 2 },
        { "twice less 28", h => h * 2 - 28, 4 },
        { "half rounded down", h => h.FloorDivide(2), 4 },
        { "half rounded up", h => (h - 1).FloorDivide(2) + 1, 4 },
        { "a quarter rounded up twice", h => h.CeilDivide(2).CeilDivide(2), 8 },
        { "one and a half", h => (h * 3).FloorDivide(2), 4 },
        { "a third of a margin", h => (h + 4).FloorDivide(3) - 1, 6 },
        { "down and up again", h => h.FloorDivide(8) * 8, 16 },
        { "down by 2 and up by 4, a pixel less", h => h.CeilDivide(2) * 4 - 1, 4 },
    };

    [Theory, MemberData(nameof(Networks))]
    public void The_formula_gives_the_sources_size_at_every_size(string what, Func<Dim, Dim> network, long multiple)
    {
        var formula = SideFormula.Find(1, Side, network(Side), network(Side.CeilDivide(multiple) * multiple), multiple);
        Assert.NotNull(formula);
        for (var h = 16L; h < 64; h++)
        {
            var f = formula.Value;
            Assert.True(network(h).Value == (h * f.Up + f.Add) / f.Down * f.Times + f.Plus, $"{what} at {h}: {f}");
        }
    }

    [Fact]
    public void A_size_that_follows_from_another_symbol_has_no_formula() =>
        Assert.Null(SideFormula.Find(0, Side, Dim.Of("w"), Dim.Of("w").CeilDivide(4) * 4, 4));

    [Fact]
    public void An_unknown_size_of_the_source_is_taken_in_proportion() =>
        Assert.Equal(new SideFormula(0, 8, 0, 4, 1, 0), SideFormula.Find(0, Side, Dim.Unknown, Side.CeilDivide(4) * 8, 4));
}
