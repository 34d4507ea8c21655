using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Upscaling;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Images;

/// <summary>Colours that lie under full transparency don't come into what is visible.</summary>
public sealed class VisibleColoursTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(1, 9)]
    [InlineData(23, 17)]
    [InlineData(40, 31)]
    public void Every_hidden_pixel_takes_the_colour_of_a_visible_one_that_is_nearest(int width, int height)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var image = new Planes(2, height, width);
            for (var i = 0; i < width * height; i++)
                (image[0][i], image[1][i]) = (i, random.NextDouble() < 0.05 ? random.Next(1, 256) : 0);
            image[1][random.Next(width * height)] = 1;

            var spread = VisibleColours.Spread(image);

            Assert.Equal(image[1], spread[1]);
            for (var i = 0; i < width * height; i++)
            {
                var taken = (int)spread[0][i];
                Assert.True(image[1][taken] > 0);
                Assert.Equal(Enumerable.Range(0, width * height).Where(p => image[1][p] > 0).Min(p => Distance(p, i)),
                    Distance(taken, i));
            }
        }

        long Distance(int a, int b) =>
            (a % width - b % width) * (long)(a % width - b % width) + (a / width - b / width) * (long)(a / width - b / width);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    public void An_image_of_one_transparency_stays(float alpha)
    {
        var image = Planes.Join(TestScene.Draw(6, 5), new Planes(1, 5, 6).Map(_ => alpha));

        Assert.Same(image, VisibleColours.Spread(image));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    public void A_white_disc_on_hidden_black_has_a_white_edge(int tile)
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "sharp.onnx", 3, scale: 2, sharpness: 1));
        ImageWriter.WriteAll(folder["disc.png"], Disc(60, 40));

        new Upscaler(model, new UpscaleOptions { Tile = tile }).Apply(ImageFrames.Of(folder["disc.png"]), folder["out.png"]);

        var result = ImageReader.ReadAll(folder["out.png"]);
        Assert.All(Enumerable.Range(0, result.Width * result.Height).Where(i => result[3][i] > 0),
            i => Assert.Equal((255, 255, 255), (result[0][i], result[1][i], result[2][i])));
        Assert.Contains(result[3], a => a is > 0 and < 255);
    }

    [Fact]
    public void Tiles_agree_with_the_whole()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "sharp.onnx", 3, scale: 2, sharpness: 1));
        var (scene, disc) = (TestScene.Draw(90, 70), Disc(90, 70));
        var image = Planes.Join(scene, disc.Channel(3));
        Planes Result(int tile) => new Upscaler(model, new UpscaleOptions { Tile = tile }).Apply(image);

        var (whole, tiled) = (Result(0), Result(24));

        for (var i = 0; i < whole.Width * whole.Height; i++)
            Assert.True(whole[3][i] == 0 || Math.Abs(whole[0][i] - tiled[0][i]) < 1e-3f);
    }

    [Fact]
    public void Where_transparency_is_left_out_the_colours_under_it_stay()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "same.onnx", 3),
            new ContractOptions { Task = ImageTask.Restoration });
        ImageWriter.WriteAll(folder["disc.png"], Disc(60, 40));

        new Upscaler(model).Apply(ImageFrames.Of(folder["disc.png"]), folder["out.jpg"]);

        Assert.InRange(ImageReader.ReadAll(folder["out.jpg"])[0][0], 0, 3);
    }

    private static Planes Disc(int width, int height)
    {
        var disc = new Planes(4, height, width);
        for (var i = 0; i < width * height; i++)
        {
            var (x, y) = (i % width - width / 2, i / width - height / 2);
            if (x * x + y * y < height * height / 9)
                (disc[0][i], disc[1][i], disc[2][i], disc[3][i]) = (255, 255, 255, 255);
        }

        return disc;
    }
}
