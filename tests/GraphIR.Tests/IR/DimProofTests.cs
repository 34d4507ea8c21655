using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class DimProofTests
{
    private static readonly Dim H = Dim.Of("h");

    [Theory]
    [InlineData(2, 4), InlineData(1, 2), InlineData(3, 6), InlineData(4, 32)]
    public void A_size_behind_strides_is_at_least_its_source_when_the_input_was_rounded_up(int stride, int multiple)
    {
        Dim Strided(Dim side) => (side - 1).FloorDivide(stride) + 1;

        var enlarged = Strided(H.CeilDivide(multiple) * multiple);

        Assert.True(enlarged.IsAtLeast(Strided(H)));
        Assert.Equal(stride == multiple, Strided(H).IsAtLeast(enlarged));
    }

    [Fact]
    public void Nested_roundings_are_decided()
    {
        var pooled = (H.FloorDivide(2) + 3).FloorDivide(3);

        Assert.True(H.IsAtLeast(pooled));
        Assert.True(pooled.IsAtLeast(H.FloorDivide(6) + 1));
        Assert.False(pooled.IsAtLeast(H.FloorDivide(6) + 2));
    }

    [Fact]
    public void The_smallest_sizes_count()
    {
        Assert.False(H.FloorDivide(2).IsAtLeast(1));
        Assert.True(H.CeilDivide(2).IsAtLeast(1));
    }

    [Fact]
    public void Of_products_and_of_several_symbols_nothing_is_said()
    {
        var area = H * Dim.Of("w");

        Assert.False((area + H.FloorDivide(2)).IsAtLeast(area + H.FloorDivide(2) + 1));
        Assert.False(H.CeilDivide(2).IsAtLeast(Dim.Of("w").CeilDivide(2)));
    }

    [Fact]
    public void An_expression_grows_with_its_symbols_when_no_coefficient_is_negative()
    {
        Assert.True(DimParts.IsMonotone((H + 7).FloorDivide(8) * 4 - 3));
        Assert.True(DimParts.IsMonotone(H * Dim.Of("w")));
        Assert.False(DimParts.IsMonotone(H - H.FloorDivide(2)));
        Assert.False(DimParts.IsMonotone(Dim.Unknown));
    }

    [Fact]
    public void A_rounding_is_taken_apart()
    {
        Assert.True(DimParts.TryFloor(H.CeilDivide(8).Terms[0].Symbol, out var dividend, out var divisor));
        Assert.Equal((H + 7, 8L), (dividend, divisor));
        Assert.Equal(["h", "w"], DimParts.Factors((H * Dim.Of("w")).Terms[0].Symbol));
    }
}
