using MsSrConvert.Runtime.Benchmarks;
using Xunit;

namespace MsSrConvert.Runtime.Tests.Benchmarks;

public class TimeStatisticsTests
{
    [Fact]
    public void Quantiles_lie_between_values_in_proportion()
    {
        Assert.Equal(2.5, TimeStatistics.Quantile([4, 1, 3, 2], 0.5));
        Assert.Equal(7, TimeStatistics.Quantile([7], 0.25));
        Assert.Equal(0.4, TimeStatistics.Spread([4, 1, 3, 2, 2.5]), 9);
    }

    [Fact]
    public void The_ratio_is_taken_round_by_round_so_that_a_load_on_both_leaves_it_as_it_is()
    {
        double[] load = [1, 1, 5, 5, 5, 1, 9];
        double[] first = [.. load.Select(l => 10 * l)];
        double[] own = [.. load.Select(l => 4 * l)];

        Assert.Equal(0.4, TimeStatistics.Ratio(own, first), 9);
    }

    [Fact]
    public void One_round_that_was_disturbed_does_not_move_the_ratio() =>
        Assert.Equal(0.5, TimeStatistics.Ratio([5, 5, 500, 5, 5], [10, 10, 10, 10, 10]));
}
