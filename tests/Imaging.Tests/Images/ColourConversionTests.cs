using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

public class ColourConversionTests
{
    private static Planes Pixel(float a, float b, float c) => new([[a], [b], [c]], 1, 1);

    [Theory]
    [InlineData(255, 0, 0, 81.481, 90.203, 240)]
    [InlineData(0, 255, 0, 144.553, 53.797, 34.214)]
    [InlineData(0, 0, 255, 40.966, 240, 109.786)]
    [InlineData(255, 255, 255, 235, 128, 128)]
    [InlineData(0, 0, 0, 16, 128, 128)]
    public void Studio_range_has_the_known_primaries(float r, float g, float b, float y, float cb, float cr)
    {
        var actual = ColourConversion.ToYCbCr(Pixel(r, g, b), LumaRange.Studio);

        Assert.Equal(y, actual[0][0], 0.01f);
        Assert.Equal(cb, actual[1][0], 0.01f);
        Assert.Equal(cr, actual[2][0], 0.01f);
    }

    [Theory]
    [InlineData(255, 0, 0, 76.245, 84.972, 255.5)]
    [InlineData(0, 0, 255, 29.07, 255.5, 107.265)]
    [InlineData(255, 255, 255, 255, 128, 128)]
    public void Full_range_has_those_of_jpeg(float r, float g, float b, float y, float cb, float cr)
    {
        var actual = ColourConversion.ToYCbCr(Pixel(r, g, b), LumaRange.Full);

        Assert.Equal(y, actual[0][0], 0.01f);
        Assert.Equal(cb, actual[1][0], 0.01f);
        Assert.Equal(cr, actual[2][0], 0.01f);
    }

    [Theory]
    [InlineData(LumaRange.Studio)]
    [InlineData(LumaRange.Full)]
    public void There_and_back_is_where_one_was(LumaRange range)
    {
        var rgb = new Planes([.. Enumerable.Range(0, 3).Select(c => RandomInput.Of((ulong)c, 0, 255, 50).Data)], 5, 10);

        var back = ColourConversion.ToRgb(ColourConversion.ToYCbCr(rgb, range), range);

        for (var c = 0; c < 3; c++)
            Assert.All(rgb[c].Zip(back[c]), p => Assert.Equal(p.First, p.Second, 1e-3f));
    }

    [Fact]
    public void Grey_counts_as_colour_with_equal_channels()
    {
        var grey = new Planes([[100]], 1, 1);

        Assert.Equal(100, ColourConversion.ToLuma(grey, LumaRange.Full)[0][0], 1e-3f);
        Assert.Equal(16 + 100 * 219f / 255, ColourConversion.ToLuma(grey, LumaRange.Studio)[0][0], 1e-3f);
    }
}
