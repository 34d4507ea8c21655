using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Runtime.Tests;

public class RandomInputTests
{
    private static readonly TensorInfo Rgb =
        new("x", ElementType.Float, new Shape(Dim.Of("n"), Dim.Known(3), Dim.Of("height"), Dim.Of("width")));

    [Fact]
    public void Open_dimensions_are_filled_with_one_image_of_the_given_size() =>
        Assert.Equal([1, 3, 5, 7], RandomInput.For(Rgb, 5, 7).Dims);

    [Fact]
    public void Channels_last_is_seen()
    {
        var info = new TensorInfo("x", ElementType.Float, new Shape(Dim.Known(1), Dim.Of("h"), Dim.Of("w"), Dim.Known(1)));

        Assert.Equal([1, 5, 7, 1], RandomInput.For(info, 5, 7).Dims);
    }

    [Fact]
    public void Stated_dimensions_stay()
    {
        var info = new TensorInfo("x", ElementType.Float, Shape.Known(1, 1, 224, 224));

        Assert.Equal([1, 1, 224, 224], RandomInput.For(info, 5, 7).Dims);
    }

    [Fact]
    public void The_seed_decides_the_numbers()
    {
        var first = RandomInput.For(Rgb, 5, 7, seed: 1);

        Assert.Equal(first.Data, RandomInput.For(Rgb, 5, 7, seed: 1).Data);
        Assert.NotEqual(first.Data, RandomInput.For(Rgb, 5, 7, seed: 2).Data);
    }

    [Fact]
    public void The_numbers_lie_in_the_asked_range_and_fill_it()
    {
        var data = RandomInput.Of(1, -2, 2, 1000).Data;

        Assert.All(data, v => Assert.InRange(v, -2f, 2f));
        Assert.InRange(data.Average(), -0.2f, 0.2f);
        Assert.True(data.Max() > 1.9f && data.Min() < -1.9f);
    }
}
