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
    private readonly ImageReading _reading;
    private readonly long _budget;
    private readonly ConcurrentDictionary<int, (ByteImage Low, ByteImage High)> _kept = [];
    private readonly ConcurrentDictionary<int, MsSrException> _bad = [];
    private long _bytes;

    /// <summary>Takes the images that can be read and are large enough for a patch; others are told of.</summary>
    /// <param name="items">The images.</param>
    /// <param name="contract">How the network wants them; <see cref="ImageContract.Factor"/> is the scale of the pairs.</param>
    /// <param name="patch">Height and width of a patch, in pixels of the small image.</param>
    /// <param name="reading">How images are opened.</param>
    /// <param name="decode">
    /// True to decode every image at once, so that damaged ones are left out too; else another one is taken in place of one that
    /// turns out to be damaged.
    /// </param>
    /// <param name="memoryBudget">Bytes to keep.</param>
    /// <exception cref="MsSrException">
    /// None is large enough (MSSR1601), none can be read (MSSR1201 …), or the images of a pair don't fit each other (MSSR1602).
    /// </exception>
    public TrainingImages(IReadOnlyList<EvalItem> items, ImageContract contract, (int Height, int Width) patch,
        ImageReading? reading = null, bool decode = false, long memoryBudget = 4L << 30)
    {
        (_contract, _reading, _budget) = (contract, reading ?? ImageReading.Default, memoryBudget);
        var (height, width) = (patch.Height * contract.Factor, patch.Width * contract.Factor);
        MsSrException? last = null;
        var readable = items.Select(item => (Item: item, Size: SizeOf(item))).Where(i => i.Size is not null).ToArray();
        _items = [.. readable.Where(i => i.Size!.Value.Height >= height && i.Size.Value.Width >= width).Select(i => i.Item)];
        TooSmall = readable.Length - _items.Count;
        if (_items.Count == 0)
        {
            throw readable.Length == 0 ? last! : new MsSrException(new Diagnostic("MSSR1601", Severity.Error,
                $"none of the {readable.Length} images is at least {width}×{height} pixels, which a patch takes.",
                Path.GetDirectoryName(items[0].High),
                "Give larger images, or smaller patches with --patch."));
        }

        // Null where it can't be read.
        (int Height, int Width)? SizeOf(EvalItem item)
        {
            try
            {
                if (!decode)
                    return SizeOfPair(item);
                var (_, high) = Load(item);
                return (high.Height, high.Width);
            }
            catch (MsSrException e) when (ImageReading.IsBadImage(e))
            {
                last = e;
                _reading.LeaveOut(e);
                return null;
            }
        }
    }

    /// <summary>How many images there are.</summary>
    public int Count => _items.Count;

    /// <summary>How many were left out since they are smaller than a patch.</summary>
    public int TooSmall { get; }

    /// <summary>The images' names and sizes in a few letters.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', _items.Select(i => FormattableString.Invariant($"{i.Name} {new FileInfo(i.High).Length}"))))))[..16];

    /// <summary>A pair; of the next image that can be read where this one turns out to be damaged.</summary>
    /// <exception cref="MsSrException">No image can be read (MSSR1201).</exception>
    public (ByteImage Low, ByteImage High) this[int index]
    {
        get
        {
            for (var i = 0; i < Count; i++)
            {
                if (Find((index + i) % Count) is { } pair)
                    return pair;
            }

            throw _bad[index];
        }
    }

    private (ByteImage Low, ByteImage High)? Find(int index)
    {
        if (_kept.TryGetValue(index, out var pair))
            return pair;
        if (_bad.ContainsKey(index))
            return null;
        try
        {
            pair = Load(_items[index]);
        }
        catch (MsSrException e) when (ImageReading.IsBadImage(e))
        {
            if (_bad.TryAdd(index, e))
                _reading.LeaveOut(e);
            return null;
        }

        if (Interlocked.Add(ref _bytes, pair.Low.Bytes + pair.High.Bytes) <= _budget)
            _kept[index] = pair;
        return pair;
    }

    private (ByteImage Low, ByteImage High) Load(EvalItem item)
    {
        var factor = _contract.Factor;
        var high = Read(item.High);
        high = high.Crop(0, 0, high.Width / factor * factor, high.Height / factor * factor);
        var low = item.Low is { } file ? Read(file) : BicubicResize.Downscale(high, factor, asBytes: true);
        RequireFit(item, (high.Height, high.Width), (low.Height, low.Width));
        return (new ByteImage(low), new ByteImage(high));
    }

    // What files say of their sizes is enough to know before an hour has gone by.
    private (int Height, int Width) SizeOfPair(EvalItem item)
    {
        using var high = ImageReader.Open(item.High, _reading);
        var size = (high.Height, high.Width);
        if (item.Low is null)
            return size;
        using var low = ImageReader.Open(item.Low, _reading);
        RequireFit(item, size, (low.Height, low.Width));
        return size;
    }

    private void RequireFit(EvalItem item, (int Height, int Width) high, (int Height, int Width) low)
    {
        var factor = _contract.Factor;
        if (low.Width == high.Width / factor && low.Height == high.Height / factor)
            return;
        throw new MsSrException(new Diagnostic("MSSR1602", Severity.Error,
            $"it has {low.Height}×{low.Width} pixels, {factor} times of which isn't its partner's {high.Height}×{high.Width}.",
            item.Low));
    }

    private Planes Read(string path) => EvalData.Read(path, gray: _contract.Colour == InputColour.Gray, _reading);
}
