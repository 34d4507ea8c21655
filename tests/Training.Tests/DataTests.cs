using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Training.Data;
using Xunit;

namespace MsSrConvert.Training.Tests;

/// <summary>Patches are what the network will be given, and the same whenever they are asked for.</summary>
public sealed class DataTests : IDisposable
{
    private static readonly ImageContract Doubling = new() { NetScale = 2, Factor = 2, Task = ImageTask.SuperResolution };
    private static readonly ImageContract Sharpening = new()
    {
        NetScale = 1,
        Factor = 2,
        Task = ImageTask.PreUpscaled,
        Channels = 1,
        Colour = InputColour.Luma
    };
    private static readonly ImageContract Cleaning = new() { Task = ImageTask.Restoration };

    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void A_batch_follows_from_seed_and_step_alone()
    {
        var (one, other) = (Sampler(Doubling), Sampler(Doubling));
        other.Make(1);
        Assert.Equal(one.Make(7).Input.Data, other.Make(7).Input.Data);
        Assert.NotEqual(one.Make(7).Input.Data, one.Make(8).Input.Data);
        Assert.Equal(["2,3,16,16", "2,3,32,32"],
            new[] { one.Make(0).Input, one.Make(0).Target }.Select(t => string.Join(',', t.Dims)));
    }

    [Fact]
    public void Small_patches_are_cut_from_the_small_image_where_the_large_ones_lie()
    {
        var picture = ImageReader.ReadAll(Path.Combine(_workshop.Images(1), "p0.png"));
        var (low, high) = Sampler(Doubling, side: 32).Middle(0);
        Assert.Equal(BicubicResize.Downscale(picture, 2, asBytes: true).Crop(8, 8, 32, 32)[0], low[0]);
        Assert.Equal(picture.Crop(16, 16, 64, 64)[2], high[2]);
    }

    [Fact]
    public void Networks_that_sharpen_are_given_parts_of_the_whole_enlargement()
    {
        var picture = ImageReader.ReadAll(Path.Combine(_workshop.Images(1), "p0.png"));
        var (low, high) = Sampler(Sharpening, side: 33).Middle(0);
        var whole = BicubicResize.Upscale(BicubicResize.Downscale(picture, 2, asBytes: true), 2);
        Assert.All(whole.Crop(31, 31, 33, 33)[1].Zip(low[1]), p => Assert.Equal(p.First, p.Second, 1e-3f));
        Assert.Equal(picture.Crop(31, 31, 33, 33)[1], high[1]);
    }

    [Fact]
    public void Turned_patches_are_turned_alike()
    {
        // Where nothing changes the image, input and target are one: so they must stay through every symmetry.
        var sampler = Sampler(Cleaning, batch: 16);
        Assert.Equal(sampler.Make(0).Input.Data, sampler.Make(0).Target.Data);
        var image = new Planes([[1, 2, 3, 4, 5, 6]], 2, 3);
        var turned = Enumerable.Range(0, 8).Select(s => Symmetry.Apply(image, s)).ToArray();
        Assert.Equal(8, turned.Select(t => $"{t.Height} {string.Join(' ', t[0])}").Distinct().Count());
        Assert.Equal([3, 2, 1, 6, 5, 4], turned[1][0]);
        Assert.Equal([4, 5, 6, 1, 2, 3], turned[2][0]);
        Assert.Equal([1, 4, 2, 5, 3, 6], turned[4][0]);
    }

    [Fact]
    public void Noise_has_the_levels_asked_for()
    {
        var batch = Sampler(Cleaning, side: 64, batch: 16, noise: [10, 30]).Make(0);
        var perPatch = 3 * 64 * 64;
        var levels = Enumerable.Range(0, 16).Select(i => 255 * Math.Sqrt(Enumerable.Range(i * perPatch, perPatch)
            .Average(k => Math.Pow(batch.Input.Data[k] - batch.Target.Data[k], 2)))).ToArray();
        // Clipping to black and white takes a little of it away.
        Assert.All(levels, level => Assert.True(level is > 7 and < 11 or > 22 and < 31, $"{level}"));
        Assert.Contains(levels, level => level < 11);
        Assert.Contains(levels, level => level > 22);
    }

    [Fact]
    public void Images_smaller_than_a_patch_are_left_out_and_when_none_is_left_that_is_said()
    {
        Assert.Equal(0, Images(Doubling, 48).TooSmall);
        var error = Assert.Throws<MsSrException>(() => Images(Doubling, 49));
        Assert.Contains("MSSR1601", error.Message, StringComparison.Ordinal);
        Assert.Contains("none of the 1 images is at least 98×98 pixels", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_image_is_named_by_the_thread_that_trains()
    {
        var folder = _workshop.Images(1);
        var pictures = Images(Doubling, 16);
        File.WriteAllText(Path.Combine(folder, "p0.png"), "no image");
        using var loader = new BatchLoader(new PatchSampler(pictures, Doubling, (16, 16), 1, 0, []), 0);
        Assert.Contains("MSSR1201", Assert.Throws<MsSrException>(() => loader.Next()).Message, StringComparison.Ordinal);
    }

    private TrainingImages Images(ImageContract contract, int side) =>
        new(EvalData.Find(_workshop.Images(1)), contract, (side, side));

    private PatchSampler Sampler(ImageContract contract, int side = 16, int batch = 2, double[]? noise = null) =>
        new(Images(contract, 16), contract, (side, side), batch, 5, noise ?? []);
}
