using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Images;

/// <summary>Which patches a network is calibrated on.</summary>
public sealed record PatchOptions
{
    /// <summary>How many.</summary>
    public int Count { get; init; } = 24;

    /// <summary>Rows of a patch, in pixels of the network's input.</summary>
    public int Height { get; init; } = 64;

    /// <summary>Columns of a patch.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Chooses the patches.</summary>
    public ulong Seed { get; init; }

    /// <summary>Standard deviation in grey levels of the noise that a restoration network is given.</summary>
    public double NoiseSigma { get; init; } = 25;
}

/// <summary>
/// Cuts patches out of images and spoils them as the network's task asks: a network is calibrated on what it will see.
/// </summary>
public static class CalibrationPatches
{
    /// <summary>Cuts patches.</summary>
    /// <param name="input">The name of the network's input.</param>
    /// <param name="contract">How the network wants its images.</param>
    /// <param name="images">Where from.</param>
    /// <param name="options">How many, how large.</param>
    /// <returns>The network's inputs by name, one entry per patch, batch 1.</returns>
    /// <exception cref="MsSrException">No image that can be read is large enough (MSSR1207).</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Cut(
        string input, ImageContract contract, IImageSource images, PatchOptions options)
    {
        var (count, height, width) = (options.Count, options.Height, options.Width);
        var numbers = RandomInput.Of(options.Seed, 0, 1, count + 1, 2).Data;
        var patches = new List<IReadOnlyDictionary<string, Tensor>>();
        var usable = Enumerable.Range(0, images.Count).ToList();
        while (patches.Count < count && usable.Count > 0)
        {
            // Images take turns, spread over the whole set; where they begin depends on the seed.
            var turn = usable[(int)((patches.Count + numbers[2 * count]) * usable.Count / count) % usable.Count];
            var (u, v) = (numbers[2 * patches.Count], numbers[2 * patches.Count + 1]);
            if (images.Cut(turn, width, height, u, v) is not { } patch)
            {
                usable.Remove(turn);
                continue;
            }

            patches.Add(
                new Dictionary<string, Tensor>
                { [input] = NetworkInput.Of(Spoil(patch, contract, options, (ulong)patches.Count), contract) });
        }

        return patches.Count > 0 ? patches : throw new MsSrException(new Diagnostic("MSSR1207", Severity.Error,
            $"No image that can be read is at least {width}×{height} pixels, which a patch takes.", images.Description,
            "Give larger images."));
    }

    private static Planes Spoil(Planes patch, ImageContract contract, PatchOptions options, ulong index) => contract.Task switch
    {
        ImageTask.PreUpscaled => BicubicResize.Resize(
            BicubicResize.Resize(patch, patch.Width / contract.Factor, patch.Height / contract.Factor, asBytes: true),
            patch.Width, patch.Height, asBytes: true),
        ImageTask.Restoration => ImageNoise.AddGaussian(patch, options.NoiseSigma, options.Seed * 7919 + index),
        _ => patch,
    };
}
