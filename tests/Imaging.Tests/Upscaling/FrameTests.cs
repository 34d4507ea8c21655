using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Upscaling;
using MsSrConvert.Tests.Common;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Upscaling;

/// <summary>Animations and files of many pages: all frames or a message, never the first in silence.</summary>
public sealed class FrameTests : IDisposable
{
    private static readonly int[] Delays = [40, 200, 80];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("in.webp", "out.webp", 8, 6f)]
    [InlineData("in.tif", "out.tif", 16, 0.01f)]
    [InlineData("in.webp", "out.tiff", 8, 6f)]
    [InlineData("in.tif", "out.webp", 16, 6f)]
    public void All_frames_are_enlarged(string input, string output, int bits, float tolerance)
    {
        var frames = Write(input, bits);
        using var model = Doubling();

        var report = new Upscaler(model, new UpscaleOptions { Tile = 24 }).Apply(ImageFrames.Of(_folder[input]), _folder[output]);

        var written = ImageFrames.Of(_folder[output]);
        Assert.Equal((3, 48, 40, 3), (report.Frames, written.Width, written.Height, written.Count));
        for (var i = 0; i < written.Count; i++)
        {
            using var reader = written.Open(i);
            var centre = reader.Read(20, 16, 1, 1);
            Assert.Equal(frames[i][0][8 * 24 + 10], centre[0][0], tolerance);
        }
    }

    [Fact]
    public void An_animation_keeps_its_times_and_how_often_it_is_played()
    {
        Write("in.webp", 8);
        using var model = Doubling();

        new Upscaler(model).Apply(ImageFrames.Of(_folder["in.webp"]), _folder["out.webp"]);

        var written = ImageFrames.Of(_folder["out.webp"]);
        Assert.Equal(2, written.Loop);
        Assert.Equal(Delays, written.Delays);
    }

    [Theory]
    [InlineData("out.png", "PNG")]
    [InlineData("out.jpg", "JPEG")]
    public void A_format_of_one_frame_is_refused(string output, string format)
    {
        Write("in.webp", 8);
        using var model = Doubling();

        var refused = Assert
            .Throws<MsSrException>(
                () => new Upscaler(model).Apply(ImageFrames.Of(_folder["in.webp"]), _folder[output])).Diagnostic;

        Assert.Equal(("MSSR1208", $"The source holds 3 frames and {format} only one."), (refused.Id, refused.Message));
        Assert.Equal(["in.webp", "x2.onnx"], _folder.Names);
    }

    [Theory]
    [InlineData("in.webp")]
    [InlineData("in.tif")]
    public void Where_one_image_is_wanted_the_first_is_not_taken_in_silence(string input)
    {
        Write(input, 8);

        foreach (var read in new Action[] { () => ImageReader.Open(_folder[input]).Dispose(),
            () => ImageReader.ReadAll(_folder[input]) })
        {
            Assert.Equal("The file holds 3 frames, where one image is wanted.",
                Assert.Throws<MsSrException>(read).Diagnostic.Message);
        }
    }

    [Fact]
    public void Pages_of_different_sizes_are_told()
    {
        using (var image = NetVips.Image.Black(40, 20, bands: 3).Copy(interpretation: NetVips.Enums.Interpretation.Srgb))
            image.Tiffsave(_folder["in.tif"], pyramid: true, tile: true, tileWidth: 16, tileHeight: 16);
        using var model = Doubling();

        var refused = Assert
            .Throws<MsSrException>(
                () => new Upscaler(model).Apply(ImageFrames.Of(_folder["in.tif"]), _folder["out.tif"])).Diagnostic;

        Assert.Equal("Frame 2 of 3 has 20×10 pixels and the first 40×20; they can't be written to one file.", refused.Message);
        Assert.Equal(["in.tif", "x2.onnx"], _folder.Names);
    }

    private ImageModel Doubling() => ImageModel.Open(OpenModels.Write(_folder, "x2.onnx", 3, scale: 2));

    private Planes[] Write(string name, int bits)
    {
        var scene = TestScene.Draw(24, 20);
        Planes[] frames = [scene, scene.Map(v => 255 - v), scene.Map(v => v / 2)];
        using var writer = ImageWriter.Create(_folder[name],
            new ImageLayout(24, 20, 3, bits) { Frames = 3, Delays = Delays, Loop = 2, Quality = 100 });
        for (var i = 0; i < frames.Length; i++)
            writer.Put(0, 0, frames[i], i);
        writer.Finish();
        return frames;
    }
}
