using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Imaging.Tests.Metrics;

public class ImageQualityTests
{
    private static Planes Noise(ulong seed, int size = 24) => new([RandomInput.Of(seed, 0, 255, size, size).Data], size, size);

    [Fact]
    public void A_difference_of_one_level_everywhere_is_48_13_dB()
    {
        var image = Noise(1);

        Assert.Equal(48.1308, ImageQuality.Psnr(image.Map(v => v + 1), image), 1e-3);
    }

    [Fact]
    public void Equal_images_are_infinitely_near_and_wholly_similar()
    {
        var image = Noise(1);

        Assert.Equal(double.PositiveInfinity, ImageQuality.Psnr(image, image));
        Assert.Equal(1, ImageQuality.Ssim(image, image), 1e-12);
    }

    [Fact]
    public void Ssim_agrees_with_its_definition_at_a_single_window()
    {
        var (x, y) = (Noise(1, 11), Noise(2, 11));

        Assert.Equal(ByDefinition(x[0], y[0]), ImageQuality.Ssim(x, y), 1e-9);
    }

    [Fact]
    public void Ssim_is_symmetric_and_low_for_unlike_images()
    {
        var (x, y) = (Noise(1), Noise(2));

        Assert.Equal(ImageQuality.Ssim(x, y), ImageQuality.Ssim(y, x), 1e-12);
        Assert.InRange(ImageQuality.Ssim(x, y), -0.2, 0.2);
    }

    [Fact]
    public void Images_of_different_size_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageQuality.Psnr(Noise(1, 12), Noise(1, 13)));
        Assert.Throws<ArgumentException>(() => ImageQuality.Ssim(Noise(1, 10), Noise(1, 10)));
    }

    // The two-dimensional window and the moments written out.
    private static double ByDefinition(float[] x, float[] y)
    {
        var window = new double[121];
        for (var i = 0; i < 121; i++)
            window[i] = Math.Exp(-(Math.Pow(i / 11 - 5, 2) + Math.Pow(i % 11 - 5, 2)) / (2 * 1.5 * 1.5));
        var total = window.Sum();
        double Mean(Func<int, double> value) => Enumerable.Range(0, 121).Sum(i => window[i] / total * value(i));
        var (mx, my) = (Mean(i => x[i]), Mean(i => y[i]));
        var (vx, vy) = (Mean(i => Math.Pow(x[i] - mx, 2)), Mean(i => Math.Pow(y[i] - my, 2)));
        var covariance = Mean(i => (x[i] - mx) * (y[i] - my));
        var (c1, c2) = (Math.Pow(0.01 * 255, 2), Math.Pow(0.03 * 255, 2));
        return (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2));
    }
}
