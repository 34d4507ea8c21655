namespace MsSrConvert.Runtime.Benchmarks;

/// <summary>What is said of a list of times.</summary>
internal static class TimeStatistics
{
    /// <summary>The value that a share of all lies below; between two values in proportion.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>The distance between the quartiles as a share of the median.</summary>
    public static double Spread(IReadOnlyList<double> times) =>
        (Quantile(times, 0.75) - Quantile(times, 0.25)) / Quantile(times, 0.5);

    /// <summary>The median, over the rounds, of a time as a share of the first model's: what slows one model down in a round
    /// slows the other down as well.</summary>
    public static double Ratio(IReadOnlyList<double> own, IReadOnlyList<double> first) =>
        Quantile(own.Zip(first, (a, b) => a / b), 0.5);
}
