using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Training.Data;

/// <summary>
/// Pairs of a true image and the small (or spoilt) one that a network is given: the given one from its file, made by MATLAB's
/// bicubic, or left out where noise is added later. Decoded once and kept as bytes, as far as a memory budget goes.
/// </summary>
internal sealed class TrainingImages
{
    private readonly IReadOnlyList<EvalItem> _items;
    private readonly ImageContract _contract;
    private readonly long _budget;
    private readonly ConcurrentDictionary<int, (ByteImage Low, ByteImage High)> _kept = [];
    private long _bytes;

    /// <summary>Takes the images that are large enough for a patch.</summary>
    /// <param name="items">The images.</param>
    /// <param name="contract">How the network wants them; <see cref="ImageContract.Factor"/> is the scale of the pairs.</param>
    /// <param name="patch">Height and width of a patch, in pixels of the small image.</param>
    /// <param name="memoryBudget">Bytes to keep.</param>
    /// <exception cref="MsSrException">None is large enough (MSSR1601), or one is damaged (MSSR1201).</exception>
    public TrainingImages(IReadOnlyList<EvalItem> items, ImageContract contract, (int Height, int Width) patch,
        long memoryBudget = 4L << 30)
    {
        (_contract, _budget) = (contract, memoryBudget);
        var (height, width) = (patch.Height * contract.Factor, patch.Width * contract.Factor);
        _items = [.. items.Where(item =>
        {
            using var reader = ImageReader.Open(item.High);
            return reader.Height >= height && reader.Width >= width;
        })];
        TooSmall = items.Count - _items.Count;
        if (_items.Count == 0)
        {
            throw new MsSrException(new Diagnostic("MSSR1601", Severity.Error,
                $"none of the {items.Count} images is at least {width}×{height} pixels, which a patch takes.",
                Path.GetDirectoryName(items[0].High),
                "Give larger images, or smaller patches with --patch."));
        }
    }

    /// <summary>How many images there are.</summary>
    public int Count => _items.Count;

    /// <summary>How many were left out since they are smaller than a patch.</summary>
    public int TooSmall { get; }

    /// <summary>The images' names and sizes in a few letters.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', _items.Select(i => FormattableString.Invariant($"{i.Name} {new FileInfo(i.High).Length}"))))))[..16];

    /// <summary>A pair.</summary>
    /// <exception cref="MsSrException">An image is damaged (MSSR1201), or the two don't fit each other (MSSR1602).</exception>
    public (ByteImage Low, ByteImage High) this[int index]
    {
        get
        {
            if (_kept.TryGetValue(index, out var pair))
                return pair;
            pair = Load(_items[index]);
            if (Interlocked.Add(ref _bytes, pair.Low.Bytes + pair.High.Bytes) <= _budget)
                _kept[index] = pair;
            return pair;
        }
    }

    private (ByteImage Low, ByteImage High) Load(EvalItem item)
    {
        var factor = _contract.Factor;
        var high = Read(item.High);
        high = high.Crop(0, 0, high.Width / factor * factor, high.Height / factor * factor);
        var low = item.Low is { } file ? Read(file) : BicubicResize.Downscale(high, factor, asBytes: true);
        if (low.Width * factor == high.Width && low.Height * factor == high.Height)
            return (new ByteImage(low), new ByteImage(high));
        throw new MsSrException(new Diagnostic("MSSR1602", Severity.Error,
            $"it has {low.Height}×{low.Width} pixels, {factor} times of which isn't its partner's {high.Height}×{high.Width}.",
            item.Low));
    }

    private Planes Read(string path) => EvalData.Read(path, gray: _contract.Colour == InputColour.Gray);
}
