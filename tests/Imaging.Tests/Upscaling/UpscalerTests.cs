using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using MsSrConvert.Imaging.Upscaling;
using MsSrConvert.Operators;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Upscaling;

public class UpscalerTests
{
    private static double MaxDifference(Planes a, Planes b) =>
        Enumerable.Range(0, a.Channels).Max(c => a[c].Zip(b[c], (x, y) => Math.Abs((double)x - y)).Max());

    [SharedFact]
    public void Tiles_of_256_pixels_agree_with_the_whole_on_an_image_of_1500_by_1000()
    {
        var model = OpenModels.Shared("FSRCNN_tf");
        var image = PixelSource.Of(TestScene.Draw(300, 200).Channel(0)).ReadMirrored(-600, -400, 1500, 1000, 1);

        var whole = new Upscaler(model, new UpscaleOptions { Tile = 0 }).Apply(image).Quantize();
        var tiled = new Upscaler(model, new UpscaleOptions { Tile = 256 }).Apply(image).Quantize();

        Assert.Equal((3000, 2000), (tiled.Width, tiled.Height));
        Assert.True(MaxDifference(whole, tiled) <= 1);
    }

    [SharedTheory]
    [InlineData("ESPCN_rgb")]
    [InlineData("FSRCNN_rgb")]
    [InlineData("SRCNN955")]
    [InlineData("FSRCNN_tf")]
    [InlineData("waifu2x")]
    public void Tiles_agree_with_the_whole_whatever_the_model_wants(string name)
    {
        var model = OpenModels.Shared(name);
        var scene = TestScene.Draw(151, 133);
        foreach (var image in new[] { scene, scene.Channel(0), Planes.Join(scene, scene.Channel(1)) })
        {
            var whole = new Upscaler(model, new UpscaleOptions { Tile = 0 }).Apply(image).Quantize();
            var tiled = new Upscaler(model, new UpscaleOptions { Tile = 96 }).Apply(image).Quantize();

            Assert.Equal((151 * model.Contract.Factor, 133 * model.Contract.Factor, image.Channels),
                (tiled.Width, tiled.Height, tiled.Channels));
            Assert.True(MaxDifference(whole, tiled) <= 1);
        }
    }

    [SharedTheory]
    [InlineData("super-resolution-10")]
    [InlineData("noise2noise")]
    [InlineData("waifu2x")]
    public void Odd_and_tiny_sizes_work_where_the_model_takes_few_sizes(string name)
    {
        var model = OpenModels.Shared(name);
        var scene = TestScene.Draw(233, 251);
        foreach (var (width, height) in new[] { (1, 1), (5, 3), (33, 65), (233, 251) })
        {
            var result = new Upscaler(model).Apply(scene.Crop(0, 0, width, height));

            Assert.Equal((width * model.Contract.Factor, height * model.Contract.Factor), (result.Width, result.Height));
        }

        var large = BicubicResize.Upscale(scene, model.Contract.Factor);
        Assert.True(ImageQuality.Psnr(new Upscaler(model).Apply(scene), large) > 20);
    }

    [SharedFact]
    public void Where_a_converted_model_sees_further_than_the_overlap_it_says_so_and_seams_stay_below_2_levels()
    {
        using var folder = new TemporaryFolder();
        var source = OpenModels.Shared("03_FMEN");
        var graph = ModelFile.Read(TestFiles.Model("03_FMEN"));
        OnnxFile.Write(Converter.Convert(graph, new ConversionOptions { Branches = 3 }, new SliceInitializer()).Model,
            folder["converted.onnx"]);
        using var model = ImageModel.Open(folder["converted.onnx"], ContractOptions.Like(source.Contract));
        ImageWriter.WriteAll(folder["in.png"], TestScene.Draw(300, 220));

        Planes Result(int tile, out UpscaleReport report)
        {
            var frames = ImageFrames.Of(folder["in.png"]);
            report = new Upscaler(model, new UpscaleOptions { Tile = tile, Overlap = 64 }).Apply(frames, folder[$"{tile}.png"]);
            return ImageReader.ReadAll(folder[$"{tile}.png"]);
        }

        var whole = Result(0, out var untiled);
        var tiled = Result(256, out var report);

        Assert.True(model.Field.Before > 64);
        Assert.Contains("the tiles share only 64", Assert.Single(report.Warnings).Message);
        Assert.Empty(untiled.Warnings);
        Assert.True(MaxDifference(whole, tiled) < 2);
    }

    [Fact]
    public void A_network_that_does_nothing_gives_the_image_back_in_every_reading()
    {
        using var folder = new TemporaryFolder();
        var image = TestScene.Draw(40, 30);
        foreach (var colour in new[] { "rgb", "bgr", "ycbcr", "ycbcr-full" })
        {
            foreach (var range in new[] { ValueRange.Unit, ValueRange.Byte, ValueRange.Signed })
            {
                var (meaning, luma) = ContractText.ParseColour(colour);
                using var model = ImageModel.Open(OpenModels.Write(folder, "id.onnx", 3),
                    new ContractOptions { Colour = meaning, Luma = luma, InputRange = range, Task = ImageTask.Restoration });

                Assert.True(MaxDifference(image, new Upscaler(model).Apply(image)) < 0.01);
            }
        }

        using var gray = ImageModel.Open(OpenModels.Write(folder, "gray.onnx", 1),
            new ContractOptions { Colour = InputColour.Gray, Task = ImageTask.Restoration });
        Assert.True(MaxDifference(image, new Upscaler(gray, new UpscaleOptions { Tile = 16 }).Apply(image)) < 0.01);
    }

    [Fact]
    public void Chroma_and_alpha_are_enlarged_by_bicubic()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "id.onnx", 1),
            new ContractOptions { Colour = InputColour.Luma, Task = ImageTask.PreUpscaled, Factor = 2 });
        var scene = TestScene.Draw(40, 30);
        var image = Planes.Join(scene, scene.Channel(1));

        var result = new Upscaler(model, new UpscaleOptions { Tile = 32, Overlap = 4 }).Apply(image);

        // Luma passes unchanged too, so the whole is the bicubic enlargement.
        Assert.True(MaxDifference(BicubicResize.Upscale(image, 2), result) < 0.01);
    }

    [Fact]
    public void An_image_file_keeps_its_depth_alpha_and_profile()
    {
        using var folder = new TemporaryFolder();
        VipsProfile(out var profile);
        using var model = ImageModel.Open(OpenModels.Write(folder, "x2.onnx", 3, scale: 2));
        var scene = TestScene.Draw(20, 16);
        ImageWriter.WriteAll(folder["in.png"], Planes.Join(scene, scene.Channel(0)), bits: 16, colourProfile: profile);

        var report = new Upscaler(model).Apply(ImageFrames.Of(folder["in.png"]), folder["out.png"]);
        Assert.Equal((40, 32, 1, 1), (report.Width, report.Height, report.Tiles, report.Frames));
        Assert.Empty(report.Warnings);
        using var written = ImageReader.Open(folder["out.png"]);
        Assert.Equal((40, 32, 16, true), (written.Width, written.Height, written.Bits, written.HasAlpha));
        Assert.Equal(profile, written.ColourProfile);
    }

    [Fact]
    public void Transparency_that_the_format_can_not_hold_is_left_out_with_a_warning()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x2.onnx", 3, scale: 2));
        var scene = TestScene.Draw(20, 16);
        ImageWriter.WriteAll(folder["in.png"], Planes.Join(scene, scene.Channel(0)), bits: 16);
        var frames = ImageFrames.Of(folder["in.png"]);

        var report = new Upscaler(model).Apply(frames, folder["out.jpg"]);

        Assert.Equal("MSSR1205", Assert.Single(report.Warnings).Id);
        using var written = ImageReader.Open(folder["out.jpg"]);
        Assert.Equal((8, false, 3), (written.Bits, written.HasAlpha, written.ColourChannels));
    }

    [Fact]
    public void Too_little_overlap_is_said_and_enough_is_not()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "sharp.onnx", 3, sharpness: 1));
        ImageWriter.WriteAll(folder["in.png"], TestScene.Draw(100, 80));
        var frames = ImageFrames.Of(folder["in.png"]);

        var little = new Upscaler(model, new UpscaleOptions { Tile = 32, Overlap = 0 }).Apply(frames, folder["a.png"]);
        var enough = new Upscaler(model, new UpscaleOptions { Tile = 32 }).Apply(frames, folder["b.png"]);

        Assert.Contains("sees 1 pixels", Assert.Single(little.Warnings).Message);
        Assert.Empty(enough.Warnings);
        Assert.Equal(1, enough.Overlap);
        Assert.True(enough.Tiles > 6);
    }

    [Fact]
    public void Tiles_are_chosen_to_fit_the_memory()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x2.onnx", 3, scale: 2));
        ImageWriter.WriteAll(folder["in.png"], TestScene.Draw(300, 200));
        var frames = ImageFrames.Of(folder["in.png"]);
        var budget = (long)(model.BytesPerPixel!.Value * 100 * 100);

        var report = new Upscaler(model, new UpscaleOptions { MemoryBudget = budget }).Apply(frames, folder["out.png"]);

        Assert.InRange(report.TileSize, 90, 110);
    }

    [Fact]
    public void A_cancelled_image_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var model = ImageModel.Open(OpenModels.Write(folder, "x2.onnx", 3, scale: 2));
        ImageWriter.WriteAll(folder["in.png"], TestScene.Draw(100, 80));
        var frames = ImageFrames.Of(folder["in.png"]);
        using var cancel = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => new Upscaler(model, new UpscaleOptions { Tile = 32 })
            .Apply(frames, folder["out.png"], progress: share => cancel.Cancel(), cancel: cancel.Token));

        Assert.Equal(["in.png", "x2.onnx"], folder.Names);
    }

    private static void VipsProfile(out byte[] profile)
    {
        VipsSetup.Once();
        profile = NetVips.Image.ProfileLoad("srgb");
    }
}
