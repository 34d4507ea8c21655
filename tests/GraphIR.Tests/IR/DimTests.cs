using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class DimTests
{
    private static readonly Dim H = Dim.Of("h");
    private static readonly Dim W = Dim.Of("w");

    [Fact]
    public void A_number_is_known()
    {
        var dim = Dim.Known(48);

        Assert.Equal((true, 48L, "48"), (dim.IsKnown, dim.Value, dim.ToString()));
    }

    [Fact]
    public void The_default_is_unknown() => Assert.Equal((true, "?"), (default(Dim).IsUnknown, Dim.Unknown.ToString()));

    [Fact]
    public void A_symbol_has_no_number() => Assert.Throws<InvalidOperationException>(() => H.Value);

    [Theory]
    [InlineData("h")]
    [InlineData("2*h")]
    [InlineData("2*h+1")]
    [InlineData("-h")]
    [InlineData("h+2*w-3")]
    [InlineData("unk__263")]
    [InlineData("batch size")]
    [InlineData("floor((h+7)/8)")]
    [InlineData("8*floor((h+7)/8)-h")]
    [InlineData("h + w")]
    [InlineData("1*h")]
    [InlineData("0*h")]
    [InlineData("3")]
    [InlineData("-")]
    [InlineData("*")]
    [InlineData("h-")]
    [InlineData("9223372036854775808*h")]
    [InlineData("(")]
    public void A_name_in_a_file_prints_as_it_was_read(string text)
    {
        var dim = Dim.Parse(text);

        Assert.True(dim.IsSymbolic);
        Assert.Equal(text, dim.ToString());
    }

    [Fact]
    public void Parsing_gives_the_expression_that_was_printed()
    {
        var dim = (H * 4) + W - 3;

        Assert.Equal(dim, Dim.Parse(dim.ToString()));
        Assert.Equal([("h", 4L), ("w", 1L)], dim.Terms);
    }

    [Fact]
    public void Sums_collect_terms()
    {
        Assert.Equal(Dim.Of("h", 3, 5), H + H + 2 + H + 3);
        Assert.Equal(W, H + W - H);
        Assert.Equal(Dim.Known(0), H - H);
    }

    [Fact]
    public void The_order_of_a_sum_does_not_matter() => Assert.Equal(H + W, W + H);

    [Fact]
    public void Products_with_a_number_scale_every_term() => Assert.Equal("2*h+2*w+2", ((H + W + 1) * 2).ToString());

    [Fact]
    public void A_product_with_zero_is_zero() => Assert.Equal(Dim.Known(0), H * 0);

    [Fact]
    public void A_product_of_symbols_is_a_symbol_of_its_own()
    {
        Assert.True((H * W).IsSymbolic);
        Assert.Equal(H * W, H * W);
    }

    [Fact]
    public void Nothing_known_in_gives_nothing_known_out() => Assert.All(
        new[] { H + Dim.Unknown, Dim.Unknown - H, Dim.Unknown * 0, Dim.Unknown.FloorDivide(2), Dim.Unknown.CeilDivide(2) },
        d => Assert.True(d.IsUnknown));

    [Fact]
    public void Division_is_exact_where_all_terms_divide()
    {
        Assert.True(Dim.Of("h", 4, 8).TryDivide(4, out var quotient));
        Assert.Equal(Dim.Of("h", 1, 2), quotient);
        Assert.False(Dim.Of("h", 4, 2).TryDivide(4, out _));
        Assert.False(H.TryDivide(2, out _));
        Assert.False(Dim.Unknown.TryDivide(1, out _));
    }

    [Theory]
    [InlineData(7, 2, 3, 4)]
    [InlineData(8, 2, 4, 4)]
    [InlineData(-7, 2, -4, -3)]
    [InlineData(0, 3, 0, 0)]
    public void Numbers_divide_rounded_down_and_up(long number, long divisor, long down, long up)
    {
        Assert.Equal(Dim.Known(down), Dim.Known(number).FloorDivide(divisor));
        Assert.Equal(Dim.Known(up), Dim.Known(number).CeilDivide(divisor));
    }

    [Fact]
    public void A_symbol_whose_factor_divides_stays_linear()
    {
        Assert.Equal(Dim.Of("h", 2), Dim.Of("h", 4, 1).FloorDivide(2));
        Assert.Equal(Dim.Of("h", 2, 1), Dim.Of("h", 4, 1).CeilDivide(2));
    }

    [Fact]
    public void A_rounding_division_is_a_symbol_that_compares_equal_when_computed_alike()
    {
        Assert.Equal(H.CeilDivide(8) * 8, H.CeilDivide(8) * 8);
        Assert.NotEqual(H.CeilDivide(8), H.FloorDivide(8));
    }

    [Fact]
    public void Evaluation_needs_all_symbols()
    {
        var values = new Dictionary<string, long> { ["h"] = 10 };

        Assert.Equal(21, ((H * 2) + 1).Evaluate(values));
        Assert.Equal(5, Dim.Known(5).Evaluate(values));
        Assert.Null((H + W).Evaluate(values));
        Assert.Null(Dim.Unknown.Evaluate(values));
    }

    [Fact]
    public void Equal_dimensions_have_equal_hashes()
    {
        Assert.Equal((H + W).GetHashCode(), (W + H).GetHashCode());
        Assert.True(H == Dim.Of("h") && H != W && Dim.Known(0) != Dim.Unknown);
    }

    [Theory]
    [InlineData("floor((h)/2)*w", 1, false)]
    [InlineData("floor((h)/2)*w", 0, true)]
    [InlineData("floor((h+1)/2)*w", 1, true)]
    [InlineData("floor((h+1)/2)", 1, true)]
    [InlineData("floor((h)/2)*floor((w)/2)", 0, true)]
    [InlineData("floor((h-3)/2)*w", 0, false)]
    [InlineData("2*h*w", 2, true)]
    [InlineData("2*h*w", 3, false)]
    public void A_lower_bound_is_proven_only_where_it_holds(string text, long bound, bool proven) =>
        Assert.Equal(proven, Dim.Parse(text).IsAtLeast(bound));

    [Fact]
    public void A_difference_of_products_is_not_proven() => Assert.False((H * W).IsAtLeast(H));

    [Fact]
    public void Nothing_is_proven_that_a_size_contradicts()
    {
        var random = new Random(7);
        var proven = 0;
        for (var round = 0; round < 3000; round++)
        {
            var (a, b) = (Random(random, 3), Random(random, 3));
            if (!a.IsAtLeast(b))
                continue;
            proven++;
            for (var h = 1; h <= 9; h++)
            {
                for (var w = 1; w <= 9; w++)
                {
                    var sizes = new Dictionary<string, long> { ["h"] = h, ["w"] = w };
                    Assert.True(a.Evaluate(sizes) >= b.Evaluate(sizes), $"{a} >= {b} fails at h = {h}, w = {w}");
                }
            }
        }

        Assert.InRange(proven, 100, 2900);
    }

    [Fact]
    public void What_is_computed_of_symbols_is_what_is_computed_of_their_numbers()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var (symbolic, exact) = Pair(random, 4);
            for (var h = 1; h <= 12; h++)
            {
                var w = 1 + (h * 5 % 13);
                var sizes = new Dictionary<string, long> { ["h"] = h, ["w"] = w };
                Assert.True(symbolic.Evaluate(sizes) == exact(h, w), $"{symbolic} is not {exact(h, w)} at h = {h}, w = {w}");
            }
        }
    }

    // The same expression of symbols and of numbers.
    private static (Dim Symbolic, Func<long, long, long> Exact) Pair(Random random, int depth)
    {
        if (depth == 0)
        {
            var number = random.Next(-3, 9);
            return random.Next(3) switch { 0 => (H, (h, _) => h), 1 => (W, (_, w) => w), _ => (number, (_, _) => number) };
        }

        var ((a, left), (b, right), by) = (Pair(random, depth - 1), Pair(random, random.Next(depth)), random.Next(1, 5));
        return random.Next(5) switch
        {
            0 => (a + b, (h, w) => left(h, w) + right(h, w)),
            1 => (a - b, (h, w) => left(h, w) - right(h, w)),
            2 => (a * by, (h, w) => left(h, w) * by),
            3 => (a.FloorDivide(by), (h, w) => (long)Math.Floor((double)left(h, w) / by)),
            _ => (a.CeilDivide(by), (h, w) => (long)Math.Ceiling((double)left(h, w) / by)),
        };
    }

    private static Dim Random(Random random, int depth) => depth == 0
        ? random.Next(3) switch { 0 => H, 1 => W, _ => Dim.Known(random.Next(-3, 9)) }
        : random.Next(5) switch
        {
            0 => Random(random, depth - 1) + Random(random, depth - 1),
            1 => Random(random, depth - 1) - Random(random, depth - 1),
            2 => Random(random, depth - 1) * Random(random, depth - 1),
            3 => Random(random, depth - 1).FloorDivide(random.Next(1, 5)),
            _ => Random(random, depth - 1).CeilDivide(random.Next(1, 5)),
        };
}
