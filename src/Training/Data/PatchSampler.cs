using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Runtime;

namespace MsSrConvert.Training.Data;

/// <summary>A batch as the network wants it.</summary>
/// <param name="Input">What it is given; (N,C,H,W), or (N,H,W,C) where the network has it so.</param>
/// <param name="Target">What it ought to give.</param>
internal sealed record TrainingBatch(Tensor Input, Tensor Target);

/// <summary>
/// Cuts patches at random places, flipped and turned at random. A batch follows from the seed and its number alone, so that a run
/// that is taken up again sees what it would have seen.
/// </summary>
/// <param name="images">Where from.</param>
/// <param name="contract">How the network wants its images.</param>
/// <param name="patch">Height and width of the patches, in pixels of the network's input.</param>
/// <param name="batch">How many.</param>
/// <param name="seed">Chooses the patches.</param>
/// <param name="noise">
/// Standard deviations, in grey levels, of the noise that a restoring network is given; none for given pairs.
/// </param>
internal sealed class PatchSampler(
    TrainingImages images, ImageContract contract, (int Height, int Width) patch, int batch, ulong seed,
    IReadOnlyList<double> noise)
{
    private const int NumbersPerPatch = 5;
    private const int Symmetries = 8;

    /// <summary>The batch of a step.</summary>
    public TrainingBatch Make(long step)
    {
        var numbers = RandomInput.Of(Hash(seed, step), 0, 1, batch, NumbersPerPatch).Data;
        var (inputs, targets) = (new Tensor[batch], new Tensor[batch]);
        for (var i = 0; i < batch; i++)
        {
            var (low, high) = Random(numbers.AsSpan(i * NumbersPerPatch, NumbersPerPatch), Hash(seed + 1, step * batch + i));
            (inputs[i], targets[i]) = (NetworkInput.Of(low, contract), NetworkInput.Wanted(high, contract));
        }

        return new TrainingBatch(Join(inputs), Join(targets));
    }

    /// <summary>The patch in the middle of an image, and what the network ought to make of it.</summary>
    public (Planes Low, Planes High) Middle(int index)
    {
        var (width, height) = Places(images[index].Low);
        return Cut(index, (width - 1) / 2, (height - 1) / 2, noise.Count > 0 ? noise[0] : 0, Hash(seed, index));
    }

    private (Planes Low, Planes High) Random(ReadOnlySpan<float> numbers, ulong noiseSeed)
    {
        var index = (int)(numbers[0] * images.Count);
        var (columns, rows) = Places(images[index].Low);
        var sigma = noise.Count > 0 ? noise[(int)(numbers[3] * noise.Count)] : 0;
        var (given, truth) = Cut(index, (int)(numbers[1] * columns), (int)(numbers[2] * rows), sigma, noiseSeed);
        var symmetry = (int)(numbers[4] * Symmetries) & (patch.Height == patch.Width ? Symmetries - 1 : 3);
        return (Symmetry.Apply(given, symmetry), Symmetry.Apply(truth, symmetry));
    }

    // Where the network sharpens enlargements, its input lies on the large grid, and any place on it will do.
    private (int Columns, int Rows) Places(ByteImage low) =>
        (low.Width * contract.InputScale - patch.Width + 1, low.Height * contract.InputScale - patch.Height + 1);

    private (Planes Low, Planes High) Cut(int index, int x, int y, double sigma, ulong noiseSeed)
    {
        var ((low, high), scale) = (images[index], contract.NetScale);
        var truth = high.Crop(x * scale, y * scale, patch.Width * scale, patch.Height * scale).CropBorder(contract.Shrink / 2);
        var given = contract.InputScale > 1 ? Enlarge(low, x, y, contract.InputScale) : low.Crop(x, y, patch.Width, patch.Height);
        return (sigma > 0 ? ImageNoise.AddGaussian(given, sigma, noiseSeed) : given, truth);
    }

    // Only as much of the image is enlarged as the patch and the bicubic's reach need.
    private Planes Enlarge(ByteImage low, int x, int y, int factor)
    {
        const int reach = 4;
        var (left, top) = (Math.Max(0, x / factor - reach), Math.Max(0, y / factor - reach));
        var right = Math.Min(low.Width, (x + patch.Width + factor - 1) / factor + reach);
        var bottom = Math.Min(low.Height, (y + patch.Height + factor - 1) / factor + reach);
        var part = low.Crop(left, top, right - left, bottom - top);
        return NetworkInput.Enlarged(part, x - left * factor, y - top * factor, patch.Width, patch.Height, factor);
    }

    private static Tensor Join(Tensor[] parts)
    {
        var whole = Tensor.Zeros([parts.Length, .. parts[0].Dims[1..]]);
        for (var i = 0; i < parts.Length; i++)
            parts[i].Data.CopyTo(whole.Data, i * parts[i].Data.Length);
        return whole;
    }

    // Numbers drawn from neighbouring seeds would overlap: they are spread out first.
    private static ulong Hash(ulong seed, long step)
    {
        var z = seed * 0xD1342543DE82EF95 + (ulong)step * 0xAF251AF3B0F025B5 + 1;
        z = (z ^ (z >> 32)) * 0xDABA0B6EB09322E3;
        return z ^ (z >> 32);
    }
}
