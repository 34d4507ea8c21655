using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Operators.Tests.Shapes;

/// <summary>The arithmetic of dimensions where it leaves the linear form.</summary>
public sealed class DimTests
{
    private static readonly Dim H = Dim.Of("h");
    private static readonly Dim W = Dim.Of("w");

    [Fact]
    public void Division_is_exact_where_the_coefficients_divide() =>
        Assert.Equal("4*h-1", (8 * H - 1).FloorDivide(2).ToString());

    [Fact]
    public void A_padded_stride_2_window_and_a_rounded_up_half_are_one_expression() =>
        Assert.Equal((H - 1).FloorDivide(2) + 1, H.CeilDivide(2));

    [Fact]
    public void Halving_twice_is_quartering() => Assert.Equal(H.FloorDivide(4), H.FloorDivide(2).FloorDivide(2));

    [Fact]
    public void Halving_a_rounded_up_half_is_a_rounded_up_quarter() =>
        Assert.Equal(H.CeilDivide(4), H.CeilDivide(2).CeilDivide(2));

    [Fact]
    public void Common_factors_leave_the_rounding() => Assert.Equal(H.FloorDivide(2), (2 * H + 1).FloorDivide(4));

    [Fact]
    public void Whole_parts_leave_the_rounding() => Assert.Equal(H + H.FloorDivide(2), (3 * H).FloorDivide(2));

    [Fact]
    public void Padding_by_the_missing_part_gives_the_next_multiple()
    {
        var missing = -1 * H - 8 * (-1 * H).FloorDivide(8);

        Assert.Equal(8 * H.CeilDivide(8), H + missing);
    }

    [Fact]
    public void Products_do_not_depend_on_the_order()
    {
        Assert.Equal(H * W, W * H);
        Assert.Equal(H * (W * H.FloorDivide(2)), H.FloorDivide(2) * H * W);
        Assert.Equal("6*h*w+2*w", (2 * W * (3 * H + 1)).ToString());
    }

    [Fact]
    public void A_product_can_be_divided_by_its_factors()
    {
        Assert.True((6 * H * W).TryDivide(2 * W, out var quotient));
        Assert.Equal(3 * H, quotient);
        Assert.False((H * W + 1).TryDivide(W, out _));
        Assert.False(H.TryDivide(W, out _));
        Assert.False(Dim.Unknown.TryDivide(W, out _));
    }

    [Theory]
    [InlineData("2*height+1")]
    [InlineData("floor((height+1)/2)")]
    [InlineData("8*floor((height+7)/8)-height")]
    [InlineData("floor((floor((a)/3)+b)/2)*w")]
    [InlineData("batch*seq")]
    [InlineData("Concatoutput_dim_2")]
    [InlineData("floor(height/2 - 1/2) + 1")]
    [InlineData("a + b")]
    [InlineData("unk__263")]
    [InlineData("-")]
    [InlineData("(")]
    [InlineData("floor((")]
    [InlineData("floor(()/0)")]
    public void Names_in_files_survive(string name) => Assert.Equal(name, Dim.Parse(name).ToString());

    [Fact]
    public void A_parsed_expression_equals_the_computed_one() =>
        Assert.Equal(8 * H.CeilDivide(8) - H, Dim.Parse((8 * H.CeilDivide(8) - H).ToString()));

    [Fact]
    public void Opaque_symbols_evaluate_from_the_symbols_inside_them()
    {
        var dim = 8 * (H * W).CeilDivide(3) - H.FloorDivide(2).FloorDivide(5);

        Assert.Equal(8 * 24 - 1, dim.Evaluate(new Dictionary<string, long> { ["h"] = 10, ["w"] = 7 }));
        Assert.Null(dim.Evaluate(new Dictionary<string, long> { ["h"] = 10 }));
    }

    [Fact]
    public void Substitution_reaches_into_roundings_and_can_undo_them() =>
        Assert.Equal(4 * W, H.FloorDivide(2).Substitute(new Dictionary<string, Dim> { ["h"] = 8 * W }));

    [Theory]
    [InlineData("2*h", "h", true)]
    [InlineData("h", "1", true)]
    [InlineData("h", "2", false)]
    [InlineData("8*floor((h+7)/8)", "h", true)]
    [InlineData("32*floor((h+7)/8)", "4*h", true)]
    [InlineData("h", "2*floor((h)/2)", true)]
    [InlineData("2*floor((h)/2)", "h", false)]
    [InlineData("h", "w", false)]
    public void Order_is_proven_for_sizes_of_one_and_more(string left, string right, bool proven) =>
        Assert.Equal(proven, Number(left).IsAtLeast(Number(right)));

    [Fact]
    public void Every_normal_form_has_the_value_of_the_division_it_stands_for()
    {
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var (a, b, c, d) = (random.Next(-9, 10), random.Next(-9, 10), random.Next(-20, 20), random.Next(1, 9));
            var (times, by) = (random.Next(-3, 4), random.Next(1, 9));
            var inner = (a * H + b * W + c).FloorDivide(d);
            var outer = (inner * times + H * W).FloorDivide(by);
            for (var h = 1; h < 12; h++)
            {
                var w = 3 * h + 1;
                var expected = Floor(Floor(a * h + b * w + c, d) * times + h * w, by);
                Assert.Equal(expected, outer.Evaluate(new Dictionary<string, long> { ["h"] = h, ["w"] = w }));
            }
        }
    }

    private static long Floor(long dividend, long divisor) => (long)Math.Floor(dividend / (double)divisor);

    private static Dim Number(string text) => long.TryParse(text, out var number) ? number : Dim.Parse(text);
}
