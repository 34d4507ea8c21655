using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.ImageModels;
using MsSrConvert.Runtime.Images;

namespace MsSrConvert.Calibration.Pictures;

/// <summary>Which patches a network is calibrated on.</summary>
public sealed record PatchOptions
{
    /// <summary>How many at the most.</summary>
    public int Count { get; init; } = 24;

    /// <summary>The least side in pixels of the network's input; rounded up to the multiple the branches need.</summary>
    public int Side { get; init; } = 64;

    /// <summary>Chooses the patches.</summary>
    public ulong Seed { get; init; }

    /// <summary>Standard deviation in grey levels of the noise that a restoration network is given.</summary>
    public double NoiseSigma { get; init; } = 25;

    /// <summary>Bytes that source, converted network and equations may take together; fewer patches are used where needed.</summary>
    public long MemoryBudget { get; init; } = 2L << 30;
}

/// <summary>Cuts patches out of pictures and spoils them as the network's task asks: a network is calibrated on what it will see.</summary>
public static class CalibrationPatches
{
    private const int LeastPatches = 8;
    private const double UsualBytesPerPixel = 4096;

    // The source's values, the converted network's, and the unfolded rows of one layer.
    private const double CopiesHeld = 4;

    /// <summary>Cuts patches.</summary>
    /// <param name="model">The source network.</param>
    /// <param name="pictures">Where from.</param>
    /// <param name="multiple">What the sides must be a multiple of.</param>
    /// <param name="options">How many, how large.</param>
    /// <returns>The network's inputs by name, one entry per patch, batch 1.</returns>
    /// <exception cref="MsSrException">No picture is large enough (MSSR1207), or one is damaged (MSSR1201).</exception>
    public static IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Cut(ImageModel model, IPictureSource pictures, long multiple, PatchOptions options)
    {
        var contract = model.Contract;
        var side = (int)((Math.Max(options.Side, contract.MinimumSize) + multiple - 1) / multiple * multiple);
        var (height, width) = (contract.FixedHeight ?? side, contract.FixedWidth ?? side);
        var perPatch = (model.BytesPerPixel ?? UsualBytesPerPixel) * CopiesHeld * height * width;
        var count = (int)Math.Clamp(options.MemoryBudget / perPatch, LeastPatches, Math.Max(LeastPatches, options.Count));
        var numbers = RandomInput.Of(options.Seed, 0, 1, count, 2).Data;
        var patches = new List<IReadOnlyDictionary<string, Tensor>>();
        var name = model.Session.Inputs[0].Name;
        var usable = Enumerable.Range(0, pictures.Count).ToList();
        while (patches.Count < count && usable.Count > 0)
        {
            // Pictures take turns, spread over the whole set.
            var turn = usable[(int)(patches.Count * (long)usable.Count / count) % usable.Count];
            if (pictures.Open(turn, Math.Max(height, width)) is not { } picture)
            {
                usable.Remove(turn);
                continue;
            }

            var (u, v) = (numbers[2 * patches.Count], numbers[2 * patches.Count + 1]);
            var patch = picture.Crop((int)(u * (picture.Width - width + 1)), (int)(v * (picture.Height - height + 1)), width, height);
            patches.Add(new Dictionary<string, Tensor> { [name] = NetworkInput.Of(Spoil(patch, contract, options, (ulong)patches.Count), contract) });
        }

        return patches.Count > 0 ? patches : throw new MsSrException(new Diagnostic("MSSR1207", Severity.Error,
            $"No picture is at least {width}×{height} pixels, which a patch takes.", pictures.Description, "Give larger pictures."));
    }

    private static Planes Spoil(Planes patch, ImageContract contract, PatchOptions options, ulong index) => contract.Task switch
    {
        ImageTask.PreUpscaled => BicubicResize.Resize(
            BicubicResize.Resize(patch, patch.Width / contract.Factor, patch.Height / contract.Factor, asBytes: true), patch.Width, patch.Height, asBytes: true),
        ImageTask.Restoration => ImageNoise.AddGaussian(patch, options.NoiseSigma, options.Seed * 7919 + index),
        _ => patch,
    };
}
