using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Upscaling;

/// <summary>How images are cut up and computed.</summary>
public sealed record UpscaleOptions
{
    /// <summary>Length of a tile's side in pixels of the network's input, overlap included; 0 never cuts; null fits the tiles
    /// into <see cref="MemoryBudget"/>.</summary>
    public int? Tile { get; init; }

    /// <summary>
    /// Pixels of the network's input that neighbouring tiles share on each side; null takes the receptive field, 64 at most.
    /// </summary>
    public int? Overlap { get; init; }

    /// <summary>Bytes that the network's values may take where tiles are cut automatically.</summary>
    public long MemoryBudget { get; init; } = 1L << 30;
}

/// <summary>How an image was computed.</summary>
/// <param name="Width">Columns of the result.</param>
/// <param name="Height">Rows of the result.</param>
/// <param name="Tiles">How many parts each frame was computed in.</param>
/// <param name="TileSize">The parts' side in pixels of the network's input.</param>
/// <param name="Overlap">Pixels shared on each side.</param>
/// <param name="Warnings">What may be seen at the seams, and what the file format couldn't hold.</param>
public sealed record UpscaleReport(int Width, int Height, int Tiles, int TileSize, int Overlap,
    IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>How many frames the result has; 1 for an image.</summary>
    public int Frames { get; init; } = 1;
}

/// <summary>Puts images of any size through a network: colours, borders, tiles.</summary>
public sealed class Upscaler
{
    private const int MostAutomaticOverlap = 64;
    private const int LeastAutomaticTile = 64;
    private const int LeastSight = 8;
    private const int MostAutomaticTile = 1024;
    private const double UsualBytesPerPixel = 8192;
    private readonly ImageModel _model;
    private readonly ImageContract _contract;
    private readonly UpscaleOptions _options;

    /// <summary>Makes an upscaler for a model.</summary>
    /// <exception cref="MsSrException">Tile or overlap is negative (MSSR3405).</exception>
    public Upscaler(ImageModel model, UpscaleOptions? options = null)
    {
        _model = model;
        _contract = model.Contract;
        _options = options ?? new UpscaleOptions();
        if (_options.Tile < 0 || _options.Overlap < 0)
            throw new MsSrException(new Diagnostic("MSSR3405", Severity.Error, "Tile and overlap can't be negative."));
    }

    /// <summary>
    /// Enlarges an image in memory: 1 channel (grey) or 3 (RGB), each with an alpha channel behind or not, in grey levels.
    /// </summary>
    /// <exception cref="MsSrException">
    /// The model fails (MSSR5002), or the tiles are too small for the overlap (MSSR3405).
    /// </exception>
    public Planes Apply(Planes image) => ApplyWithLuma(image).Image;

    /// <summary>As <see cref="Apply(Planes)"/>, and the luma as the network itself gave it, before it was turned into RGB; null
    /// for networks that don't work on luma.</summary>
    internal (Planes Image, Planes? Luma) ApplyWithLuma(Planes image)
    {
        var factor = _contract.Factor;
        var result = new Planes(image.Channels, image.Height * factor, image.Width * factor);
        var luma = _contract.Colour is InputColour.Luma or InputColour.YCbCr ? new Planes(1, result.Height, result.Width) : null;
        Run(PixelSource.Of(image).WithVisibleColours(Sight), Put, null, CancellationToken.None);
        return (result, luma);

        void Put(int x, int y, Planes part, Planes? partLuma)
        {
            result.Put(x, y, part);
            if (partLuma is not null)
                luma?.Put(x, y, partLuma);
        }
    }

    /// <summary>Enlarges an image file part by part into another, all its frames.</summary>
    /// <param name="frames">The image.</param>
    /// <param name="path">The file to write; it appears when it is complete.</param>
    /// <param name="quality">JPEG and WebP quality, 1..100.</param>
    /// <param name="progress">Told the share that is done, 0..1, after every tile.</param>
    /// <param name="cancel">Stops between tiles; nothing is left then.</param>
    /// <exception cref="MsSrException">The image is damaged (MSSR1201) or can't be written (MSSR1202, MSSR3402), its frames
    /// differ in size or the format holds one only (MSSR1208); the model fails (MSSR5002); the tiles are too small for the
    /// overlap (MSSR3405).</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public UpscaleReport Apply(
        ImageFrames frames, string path, int quality = 95, Action<double>? progress = null, CancellationToken cancel = default)
    {
        var format = ImageFormat.ForWriting(path);
        using var first = frames.Open(0);
        var channels = first.ColourChannels + (first.HasAlpha && format.Alpha ? 1 : 0);
        using var writer = ImageWriter.Create(path, Layout(frames, first, channels, format) with { Quality = quality });
        UpscaleReport? report = null;
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = i;
            using var reader = i == 0 ? null : frames.Open(i);
            var source = PixelSource.Of(reader ?? first);
            // Where transparency is left out, what was under it is part of the image.
            if (format.Alpha)
                source = source.WithVisibleColours(Sight);
            report = Run(source, (x, y, part, _) => writer.Put(x, y, part.FirstChannels(channels), frame),
                share => progress?.Invoke((frame + share) / frames.Count), cancel);
        }

        writer.Finish();
        return report! with
        {
            Frames = frames.Count,
            Warnings = first.HasAlpha && !format.Alpha
                ? [.. report.Warnings,
                    new Diagnostic("MSSR1205", Severity.Warning, $"{format.Name} holds no transparency; it was left out.", path)]
                : report.Warnings,
        };
    }

    private ImageLayout Layout(ImageFrames frames, ImageReader first, int channels, ImageFormat format) => new(
        first.Width * _contract.Factor, first.Height * _contract.Factor, channels, Math.Min(first.Bits, format.MaxBits))
    {
        ColourProfile = first.ColourProfile,
        Frames = frames.Count,
        Delays = frames.Delays,
        Loop = frames.Loop,
    };

    private UpscaleReport Run(PixelSource source, Action<int, int, Planes, Planes?> put, Action<double>? progress,
        CancellationToken cancel)
    {
        var before = _contract.InputScale;
        var (width, height) = (source.Width * before, source.Height * before);
        var (tile, overlap) = ChooseTiles(width, height);
        var columns = TilePlan.Cut(width, Rules(tile, overlap, _contract.FixedWidth));
        var rows = TilePlan.Cut(height, Rules(tile, overlap, _contract.FixedHeight));
        var done = 0;
        foreach (var row in rows)
        {
            foreach (var column in columns)
            {
                cancel.ThrowIfCancellationRequested();
                var scale = _contract.NetScale;
                var job = new TileJob(_model, source, before);
                put(column.Start * scale, row.Start * scale, job.Compute(column, row), job.Luma);
                progress?.Invoke((double)++done / (columns.Count * rows.Count));
            }
        }

        var size = Math.Max(columns.Max(c => c.InputLength), rows.Max(r => r.InputLength));
        var tiles = columns.Count * rows.Count;
        return new UpscaleReport(
            source.Width * _contract.Factor, source.Height * _contract.Factor, tiles, size, tiles == 1 ? 0 : overlap,
            tiles > 1 && SeamWarning(overlap) is { } warning ? [warning] : []);
    }

    private TileRules Rules(int tile, int overlap, int? only) =>
        new(tile, overlap, Margin, _model.Field.Alignment, _contract.SizeMultiple, _contract.MinimumSize, only);

    // How far the network and the interpolation of what it doesn't make see, beyond a tile's overlap at most.
    private int Sight => Math.Clamp(Needed, LeastSight, MostAutomaticOverlap);

    // Input pixels that the missing output border stands for.
    private int Margin => (_contract.Shrink + 2 * _contract.NetScale - 1) / (2 * _contract.NetScale);

    /// <summary>Overlap that makes tiles agree with the whole, beyond what <see cref="Margin"/> already covers.</summary>
    private int Needed => Math.Max(_model.Field.Before, _model.Field.After - 2 * Margin);

    private (int Tile, int Overlap) ChooseTiles(int width, int height)
    {
        var (longest, cell) = (Math.Max(width, height), _model.Field.Alignment);
        var budget = _options.MemoryBudget / (_model.BytesPerPixel ?? UsualBytesPerPixel);
        var tile = _options.Tile ?? ((double)width * height <= budget
            ? longest
            : Math.Max(Math.Clamp((int)Math.Sqrt(budget), LeastAutomaticTile, MostAutomaticTile), 4 * cell));
        if (tile == 0)
            tile = longest;
        var cut = Math.Min(tile, Math.Min(_contract.FixedWidth ?? tile, _contract.FixedHeight ?? tile) - 2 * Margin);
        // Tiles begin on the network's coarsest grid, so overlaps come in its cells; a quarter on each side leaves half of the
        // work useful.
        var most = Math.Min(Math.Max(MostAutomaticOverlap, cell), cut / 4) / cell * cell;
        return (tile, _options.Overlap ?? Math.Min(Needed, most));
    }

    private Diagnostic? SeamWarning(int overlap)
    {
        if (_model.Field.GlobalNode is { } node)
        {
            return new Diagnostic("MSSR5006", Severity.Warning,
                "What this node computes depends on the whole image, so tiles differ slightly from the whole.",
                $"{_model.Name}, {node}",
                "Larger tiles make it less.");
        }

        return Needed <= overlap ? null : new Diagnostic("MSSR5006", Severity.Warning,
            $"The network sees {Needed} pixels around each pixel, the tiles share only {overlap}: faint seams are possible.",
            _model.Name,
            $"With --overlap {Needed} there are none.");
    }
}
