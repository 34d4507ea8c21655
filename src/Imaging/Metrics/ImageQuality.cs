using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Metrics;

/// <summary>Peak signal-to-noise ratio and structural similarity of images in grey levels 0..255.</summary>
public static class ImageQuality
{
    private const int WindowSize = 11;
    private const double WindowSigma = 1.5;

    /// <summary>The PSNR in dB over all channels; infinite for equal images.</summary>
    /// <exception cref="ArgumentException">The images differ in size or channels.</exception>
    public static double Psnr(Planes image, Planes reference)
    {
        RequireAlike(image, reference);
        var sum = 0.0;
        for (var c = 0; c < image.Channels; c++)
        {
            for (var i = 0; i < image[c].Length; i++)
            {
                var difference = (double)image[c][i] - reference[c][i];
                sum += difference * difference;
            }
        }

        return 10 * Math.Log10(255.0 * 255 * image.Channels * image.Height * image.Width / sum);
    }

    /// <summary>
    /// The SSIM of Wang et al. (2004), mean over all places of an 11x11 Gaussian window (sigma 1.5) that lies wholly within the
    /// image, and over the channels.
    /// </summary>
    /// <exception cref="ArgumentException">The images differ in size or channels, or are smaller than the window.</exception>
    public static double Ssim(Planes image, Planes reference)
    {
        RequireAlike(image, reference);
        if (image.Width < WindowSize || image.Height < WindowSize)
        {
            throw new ArgumentException(
                $"SSIM needs at least {WindowSize}x{WindowSize} pixels, not {image.Width}x{image.Height}.");
        }

        return Enumerable.Range(0, image.Channels).Average(c => Ssim(image[c], reference[c], image.Width, image.Height));
    }

    /// <summary>True when <see cref="Ssim(Planes, Planes)"/> is defined for the size.</summary>
    public static bool HasSsim(Planes image) => image.Width >= WindowSize && image.Height >= WindowSize;

    private static double Ssim(float[] x, float[] y, int width, int height)
    {
        const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
        var window = Window();
        var meanX = Blur(Product(x, null), width, height, window);
        var meanY = Blur(Product(y, null), width, height, window);
        var squareX = Blur(Product(x, x), width, height, window);
        var squareY = Blur(Product(y, y), width, height, window);
        var product = Blur(Product(x, y), width, height, window);
        var sum = 0.0;
        for (var i = 0; i < meanX.Length; i++)
        {
            var (mx, my) = (meanX[i], meanY[i]);
            var (vx, vy, covariance) = (squareX[i] - mx * mx, squareY[i] - my * my, product[i] - mx * my);
            sum += (2 * mx * my + c1) * (2 * covariance + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2));
        }

        return sum / meanX.Length;
    }

    private static double[] Window()
    {
        var window = new double[WindowSize];
        for (var i = 0; i < WindowSize; i++)
            window[i] = Math.Exp(-Math.Pow(i - WindowSize / 2, 2) / (2 * WindowSigma * WindowSigma));
        var sum = window.Sum();
        return Array.ConvertAll(window, w => w / sum);
    }

    private static double[] Product(float[] x, float[]? y)
    {
        var result = new double[x.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = (double)x[i] * (y is null ? 1 : y[i]);
        return result;
    }

    private static double[] Blur(double[] values, int width, int height, double[] window)
    {
        var (narrow, low) = (width - WindowSize + 1, height - WindowSize + 1);
        var rows = new double[narrow * height];
        for (var y = 0; y < height; y++)
        {
            for (var k = 0; k < WindowSize; k++)
                AddScaled(values.AsSpan(y * width + k, narrow), window[k], rows.AsSpan(y * narrow, narrow));
        }

        var result = new double[narrow * low];
        for (var y = 0; y < low; y++)
        {
            for (var k = 0; k < WindowSize; k++)
                AddScaled(rows.AsSpan((y + k) * narrow, narrow), window[k], result.AsSpan(y * narrow, narrow));
        }

        return result;
    }

    private static void AddScaled(ReadOnlySpan<double> source, double factor, Span<double> target)
    {
        for (var i = 0; i < target.Length; i++)
            target[i] += factor * source[i];
    }

    private static void RequireAlike(Planes image, Planes reference)
    {
        if (image.Width != reference.Width || image.Height != reference.Height || image.Channels != reference.Channels)
        {
            throw new ArgumentException(
                $"An image of {image.Channels}x{image.Height}x{image.Width} can't be compared with one of "
                + $"{reference.Channels}x{reference.Height}x{reference.Width}.");
        }
    }
}
