using MsSrConvert.Calibration.Images;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class ImageTests
{
    private const int Grey = 120;
    private static readonly ImageContract Contract = new() { Channels = 1, Colour = InputColour.Luma };

    [Theory]
    [InlineData(20, new[] { 7, 15 })]
    [InlineData(8, new[] { 7 })]
    [InlineData(7, new[] { 0, 1, 2, 3, 4, 5, 6 })]
    public void Every_eighth_image_is_held_back_where_there_are_enough(int count, int[] held)
    {
        var (work, back) = ImageSelection.Split(new Plain(count));
        Assert.Equal(held.Select(i => (float)(Grey + i)),
            Enumerable.Range(0, back.Count).Select(i => back.Cut(i, 8, 8, 0, 0)![0][0]));
        Assert.Equal(count < 8 ? count : count - held.Length, work.Count);
        Assert.DoesNotContain(Enumerable.Range(0, work.Count).Select(i => (int)work.Cut(i, 8, 8, 0, 0)![0][0] - Grey),
            i => count >= 8 && held.Contains(i));
    }

    [Fact]
    public void The_seed_chooses_images_and_places()
    {
        var drawn = new SyntheticImages();
        Assert.Equal(Cut(drawn, 1), Cut(drawn, 1));
        Assert.NotEqual(Cut(drawn, 1), Cut(drawn, 2));
        Assert.Equal(Cut(drawn, 1), Cut(new SyntheticImages(), 1));
    }

    [Fact]
    public void Small_images_are_passed_over_and_others_stand_in()
    {
        var patches = CalibrationPatches.Cut("x", Contract, new Plain(6),
            new PatchOptions { Count = 9, Height = 20, Width = 28 });
        Assert.Equal(9, patches.Count);
        Assert.All(patches, p => Assert.Equal([1, 1, 20, 28], p["x"].Dims));
        var error = Assert
            .Throws<MsSrException>(() => CalibrationPatches.Cut("x", Contract, new Plain(6), new PatchOptions { Height = 99 }));
        Assert.Equal("MSSR1207", error.Diagnostic.Id);
    }

    [Fact]
    public void Patches_are_spoilt_as_the_task_asks()
    {
        var flat = new Plain(1);
        float[] Of(ImageTask task) => CalibrationPatches.Cut(
            "x", Contract with { Task = task, Factor = 2 }, flat,
            new PatchOptions { Count = 1, Height = 16, Width = 16 })[0]["x"].Data;
        Assert.All(Of(ImageTask.SuperResolution), v => Assert.Equal(Of(ImageTask.SuperResolution)[0], v));
        Assert.Equal(Of(ImageTask.SuperResolution), Of(ImageTask.PreUpscaled));
        var noisy = Of(ImageTask.Restoration);
        var (mean, spread) = (noisy.Average(), Math.Sqrt(noisy.Average(v => (v - noisy.Average()) * (v - noisy.Average()))));
        Assert.InRange(spread * 255, 20, 30);
        Assert.InRange(mean * 255, Of(ImageTask.SuperResolution)[0] * 255 - 5, Of(ImageTask.SuperResolution)[0] * 255 + 5);
    }

    private static float[] Cut(IImageSource images, ulong seed) =>
        [
            .. CalibrationPatches.Cut("x", Contract, images,
                new PatchOptions { Count = 3, Height = 16, Width = 16, Seed = seed }).SelectMany(p => p["x"].Data)
        ];

    /// <summary>Grey images, each a little lighter than the one before, every other one small.</summary>
    private sealed class Plain(int count) : IImageSource
    {
        public string Description => "plain images";

        public int Count => count;

        public Planes? Cut(int index, int width, int height, double u, double v)
        {
            var side = index % 2 == 0 ? 64 : 16;
            return width > side || height > side
                ? null : new Planes([Enumerable.Repeat((float)(Grey + index), width * height).ToArray()], height, width);
        }
    }
}
