using MsSrConvert.Calibration.Solving;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class RidgeChoiceTests
{
    [Theory]
    [InlineData(0.001, 0.001)]
    [InlineData(0.05, 0.1)]
    [InlineData(20, 10)]
    [InlineData(1e9, 1e3)]
    public void The_ridge_grows_a_hundredfold_as_long_as_that_helps_and_not_for_ever(double best, double expected) =>
        Assert.Equal(expected, RidgeChoice.Best(0.001, ridge => ridge, ridge => Math.Abs(Math.Log(ridge / best))), 1e-9);

    [Fact]
    public void A_worse_solution_ends_the_search()
    {
        var tried = 0;
        RidgeChoice.Best(1, _ => ++tried, count => count);
        Assert.Equal(2, tried);
    }

    [Fact]
    public void Solutions_whose_error_is_no_number_are_left_behind() =>
        Assert.Equal(1, RidgeChoice.Best(0.01, ridge => ridge, ridge => ridge is > 0.5 and < 5 ? ridge : double.NaN), 1e-9);
}
