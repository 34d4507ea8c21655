using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

public class PixelSourceTests
{
    private static readonly Planes Image = new([RandomInput.Of(4, 0, 255, 9, 13).Data], 9, 13);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_part_of_the_enlargement_is_the_enlargement_s_part(int factor)
    {
        var whole = BicubicResize.Upscale(Image, factor);
        var source = PixelSource.Of(Image);

        foreach (var (x, y, width, height) in new[] { (0, 0, 5, 4), (7, 5, 11, 8), (whole.Width - 4, whole.Height - 3, 4, 3),
            (0, 0, whole.Width, whole.Height) })
        {
            var expected = whole.Crop(x, y, width, height);
            var actual = source.ReadEnlarged(x, y, width, height, factor);
            Assert.All(expected[0].Zip(actual[0]), p => Assert.Equal(p.First, p.Second, 1e-3f));
        }
    }

    [Theory]
    [InlineData(-3, -2, 8, 8)]
    [InlineData(5, 4, 20, 20)]
    [InlineData(-40, -40, 100, 100)]
    [InlineData(2, 3, 4, 5)]
    public void Beyond_the_edges_the_image_is_mirrored(int x, int y, int width, int height)
    {
        var part = PixelSource.Of(Image).ReadMirrored(x, y, width, height, 1);

        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
                Assert.Equal(Image[0][Mirror(y + row, 9) * 13 + Mirror(x + column, 13)], part[0][row * width + column]);
        }

        static int Mirror(int at, int count)
        {
            while (at < 0 || at >= count)
                at = at < 0 ? -at : 2 * (count - 1) - at;
            return at;
        }
    }

    [Fact]
    public void A_single_pixel_fills_everything() =>
        Assert.All(PixelSource.Of(new Planes([[42]], 1, 1)).ReadMirrored(-2, -2, 5, 5, 1)[0], v => Assert.Equal(42, v));
}
