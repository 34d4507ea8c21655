using MsSrConvert.Calibration.Features;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class PixelSampleTests
{
    [Fact]
    public void Pixels_are_spread_evenly()
    {
        var sample = PixelSample.Spread(64, 32, 400, start: 1000);

        Assert.Equal(400, sample.Count);
        Assert.All(sample.Rows, y => Assert.InRange(y, 0, 63));
        Assert.All(sample.Columns, x => Assert.InRange(x, 0, 31));
        var quarters = sample.Rows.Zip(sample.Columns).CountBy(p => (p.First < 32, p.Second < 16)).Select(q => q.Value);
        Assert.All(quarters, count => Assert.InRange(count, 90, 110));
    }

    [Fact]
    public void Samples_that_begin_elsewhere_differ() =>
        Assert.NotEqual(PixelSample.Spread(64, 64, 50, 0).Rows, PixelSample.Spread(64, 64, 50, 50).Rows);

    [Fact]
    public void Of_few_pixels_all_are_taken_once()
    {
        var sample = PixelSample.Spread(8, 8, 1000, 0);

        Assert.Equal(64, sample.Rows.Zip(sample.Columns).Distinct().Count());
        Assert.Equal(64, sample.Count);
    }

    [Fact]
    public void Values_are_those_of_the_pixels()
    {
        var planes = Planar.Filled(2, 3, 4, c => 100 * c);
        for (var i = 0; i < planes.Data.Length; i++)
            planes.Data[i] += i % 12;

        Assert.Equal(planes.Data, PixelSample.All(3, 4).Of(planes).Data);
    }
}
