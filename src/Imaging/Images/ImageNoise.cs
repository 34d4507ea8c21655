using MsSrConvert.Runtime;

namespace MsSrConvert.Imaging.Images;

/// <summary>Reproducible camera-like noise.</summary>
public static class ImageNoise
{
    /// <summary>Adds Gaussian noise; the result is rounded and clipped as an 8-bit image would hold it.</summary>
    /// <param name="image">The clean image.</param>
    /// <param name="sigma">The noise's standard deviation in grey levels.</param>
    /// <param name="seed">Chooses the noise; the same on every machine.</param>
    public static Planes AddGaussian(Planes image, double sigma, ulong seed)
    {
        var uniform = RandomInput.Of(seed, 0, 1, image.Channels, image.Height, image.Width, 2).Data;
        var at = 0;
        return image.Map(v =>
        {
            // Box and Muller's transform; 1 - u lies in (0, 1].
            var radius = Math.Sqrt(-2 * Math.Log(1 - uniform[at]));
            var noise = radius * Math.Cos(2 * Math.PI * uniform[at + 1]);
            at += 2;
            return v + (float)(sigma * noise);
        }).Quantize();
    }
}
