using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

public class BicubicResizeTests
{
    [SharedTheory]
    [InlineData("Set5_x2", 2)]
    [InlineData("Set5_x3", 3)]
    [InlineData("Set5_x4", 4)]
    [InlineData("Set14_x2", 2)]
    [InlineData("Set14_x4", 4)]
    public void Shrinking_reproduces_the_reference_files(string folder, int factor)
    {
        foreach (var high in Directory.GetFiles(TestFiles.Images("pairs/" + folder), "*_HR.png").Order())
        {
            var expected = ImageReader.ReadAll(high.Replace("_HR", "_LR"));
            var actual = BicubicResize.Downscale(ImageReader.ReadAll(high), factor, asBytes: true);

            Assert.Equal((expected.Width, expected.Height, expected.Channels), (actual.Width, actual.Height, actual.Channels));
            var differences = Enumerable.Range(0, actual.Channels)
                .SelectMany(c => actual[c].Zip(expected[c], (a, b) => Math.Abs(a - b))).ToArray();
            Assert.True(differences.Max() <= 1, $"{high}: {differences.Max()}");
            Assert.True(differences.Average() <= 0.05, $"{high}: {differences.Average()}");
        }
    }

    [Theory]
    [InlineData(3, 5, 2)]
    [InlineData(1, 1, 4)]
    [InlineData(7, 2, 3)]
    public void A_flat_image_stays_flat_at_every_size(int width, int height, int factor)
    {
        var flat = new Planes(1, height, width).Map(_ => 77);

        var large = BicubicResize.Upscale(flat, factor);
        var small = BicubicResize.Downscale(large, factor);

        Assert.All(large[0], v => Assert.Equal(77, v, 1e-4f));
        Assert.All(small[0], v => Assert.Equal(77, v, 1e-4f));
        Assert.Equal((width * factor, height * factor), (large.Width, large.Height));
    }

    [Fact]
    public void Enlarging_a_slope_keeps_it_between_the_edges()
    {
        var slope = new Planes([[0, 10, 20, 30, 40, 50, 60, 70]], 1, 8);

        var large = BicubicResize.Resize(slope, 16, 1);

        for (var x = 4; x < 12; x++)
            Assert.Equal((x + 0.5) / 2 * 10 - 5, large[0][x], 1e-3);
    }

    // Keys' kernel stretched to twice its width, at 0.5, 1.5, 2.5 and 3.5 pixels from the point: k(.25)/2, k(.75)/2, k(1.25)/2,
    // k(1.75)/2. Without the stretch only the two pixels beside the point would see it.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shrinking_spreads_a_point_over_twice_the_kernel(bool across)
    {
        var point = new float[16];
        point[8] = 1024;
        var line = across ? new Planes([point], 1, 16) : new Planes([point], 16, 1);

        var small = across ? BicubicResize.Resize(line, 8, 1) : BicubicResize.Resize(line, 1, 8);

        float[] expected = [0, 0, -12, 116, 444, -36, 0, 0];
        Assert.All(expected.Zip(small[0]), v => Assert.Equal(v.First, v.Second, 1e-3f));
    }

    // Along one axis at a time the order and the rounding can be said: the more shrunk axis first, the height where both are
    // alike.
    [Theory]
    [InlineData(8, 10, true)]
    [InlineData(12, 5, false)]
    [InlineData(12, 10, false)]
    public void Bytes_are_rounded_after_each_axis_and_the_more_shrunk_one_comes_first(int width, int height, bool widthFirst)
    {
        var scene = TestScene.Draw(24, 20);
        Planes Across(Planes x) => BicubicResize.Resize(x, width, x.Height).Quantize();
        Planes Down(Planes x) => BicubicResize.Resize(x, x.Width, height).Quantize();

        var small = BicubicResize.Resize(scene, width, height, asBytes: true);

        var (wanted, other) = (Across(Down(scene)), Down(Across(scene)));
        if (widthFirst)
            (wanted, other) = (other, wanted);
        Assert.Equal(wanted[0], small[0]);
        Assert.NotEqual(other[0], small[0]);
        Assert.NotEqual(BicubicResize.Resize(scene, width, height).Quantize()[0], small[0]);
    }
}
