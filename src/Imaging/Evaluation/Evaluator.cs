using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Imaging.Metrics;
using MsSrConvert.Imaging.Upscaling;

namespace MsSrConvert.Imaging.Evaluation;

/// <summary>How an evaluation measures.</summary>
public sealed record EvalOptions
{
    /// <summary>The enlargement where neither pairs of images nor a model's own scale tell it.</summary>
    public int? Scale { get; init; }

    /// <summary>True to measure on the colour channels too.</summary>
    public bool Rgb { get; init; }

    /// <summary>The luma that is compared; the literature's is <see cref="LumaRange.Studio"/>.</summary>
    public LumaRange Luma { get; init; } = LumaRange.Studio;

    /// <summary>
    /// Standard deviation, in grey levels, of the Gaussian noise that restoration networks are given to remove.
    /// </summary>
    public double? NoiseSigma { get; init; }

    /// <summary>Chooses the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>How images are opened, and who is told of those that are left out.</summary>
    public ImageReading Reading { get; init; } = ImageReading.Default;

    /// <summary>How large images are cut.</summary>
    public UpscaleOptions Upscale { get; init; } = new();
}

/// <summary>
/// Measures models as the super-resolution literature does: 8-bit results, luma of BT.601, a border as wide as the scale left
/// out, small images made by MATLAB's bicubic where they aren't given. Restoration is measured as its own literature does: on all
/// channels, without a border; networks of one channel on grey images.
/// </summary>
public sealed class Evaluator
{
    private readonly IReadOnlyList<ImageModel> _models;
    private readonly EvalOptions _options;

    /// <summary>Makes an evaluator for models of one kind.</summary>
    /// <exception cref="MsSrException">There is no model, or restoration and enlarging networks are mixed (MSSR3407).</exception>
    public Evaluator(IReadOnlyList<ImageModel> models, EvalOptions? options = null)
    {
        _models = models;
        _options = options ?? new EvalOptions();
        if (models.Select(m => m.Contract.Task == ImageTask.Restoration).Distinct().Count() != 1)
            throw Unfit("Models to compare must all enlarge, or all leave the size as it is.", null);
    }

    private bool Restoring => _models[0].Contract.Task == ImageTask.Restoration;

    private string BaselineName => Restoring ? "input" : "bicubic";

    /// <summary>Measures all models on all images; those that can't be read are left out, and told of.</summary>
    /// <param name="items">The images.</param>
    /// <param name="seen">Given every image and what was made of it, for plots and progress.</param>
    /// <param name="cancel">Stops between images.</param>
    /// <exception cref="MsSrException">No image can be read (MSSR1201, MSSR1206 …); the scale can't be told
    /// or differs between models and data (MSSR3404, MSSR3407); a model fails (MSSR5002).</exception>
    public EvalReport Run(IReadOnlyList<EvalItem> items, Action<EvalImage>? seen = null, CancellationToken cancel = default)
    {
        var scale = ScaleFor(items);
        foreach (var model in _models)
            model.SetFactor(scale);
        var upscalers = _models.Select(m => (m.Name, Upscaler: new Upscaler(m, _options.Upscale))).ToArray();
        var baseline = new List<QualityScore>();
        var scores = _models.Select(_ => new List<QualityScore>()).ToArray();
        var leftOut = new List<string>();
        for (var i = 0; i < items.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (LoadOrLeaveOut(items[i], scale, _options.Seed + (ulong)i,
                isLast: leftOut.Count == items.Count - 1) is not var (truth, input))
            {
                leftOut.Add(items[i].Name);
                continue;
            }

            var plain = BicubicResize.Upscale(input, scale, asBytes: true);
            baseline.Add(Score(items[i].Name, plain, Luma(plain), truth, scale));
            var results = new List<(string, Planes)> { (BaselineName, plain) };
            for (var m = 0; m < upscalers.Length; m++)
            {
                var (image, luma) = upscalers[m].Upscaler.ApplyWithLuma(input);
                var seenImage = image.Quantize();
                // The literature measures a luma network on what it gives, not on what RGB makes of it.
                var own = luma is not null && _models[m].Contract.Luma == _options.Luma && input.Channels == 3;
                scores[m].Add(Score(items[i].Name, seenImage, own ? luma!.Quantize() : Luma(seenImage), truth, scale));
                results.Add((upscalers[m].Name, seenImage));
            }

            seen?.Invoke(new EvalImage(items[i].Name, truth, results));
        }

        return new EvalReport(scale, Summarize(BaselineName, baseline),
            [.. _models.Select((m, i) => Summarize(m.Name, scores[i]))])
        {
            LeftOut = leftOut,
        };
    }

    private (Planes Truth, Planes Input)? LoadOrLeaveOut(EvalItem item, int scale, ulong seed, bool isLast)
    {
        try
        {
            return Load(item, scale, seed);
        }
        catch (MsSrException e) when (ImageReading.IsBadImage(e) && !isLast)
        {
            _options.Reading.LeaveOut(e);
            return null;
        }
    }

    private int ScaleFor(IReadOnlyList<EvalItem> items)
    {
        var own =
            _models.Where(m => m.Contract.Task == ImageTask.SuperResolution).Select(m => m.Contract.Factor).Distinct().ToArray();
        if (own.Length > 1)
        {
            throw Unfit($"The models enlarge by different factors ({string.Join(", ", own)}).",
                "Evaluate them one scale at a time.");
        }

        if (items[0].Low is not null)
            return ReadScale(items);
        if (Restoring)
        {
            return _options.NoiseSigma is null
                ? throw Unfit("There is nothing to restore in true images.", "Give a noise level or pairs of images.") : 1;
        }

        return own.Length == 1 ? own[0]
            : _options.Scale ?? throw Unfit("The models sharpen enlarged images, so the scale must be given.", "Use --scale.");
    }

    // By the first pair that can be read.
    private int ReadScale(IReadOnlyList<EvalItem> items)
    {
        foreach (var item in items.SkipLast(1))
        {
            try
            {
                return item.ReadScale(_options.Reading);
            }
            catch (MsSrException e) when (ImageReading.IsBadImage(e))
            {
                // It is told of when its turn comes.
            }
        }

        return items[^1].ReadScale(_options.Reading);
    }

    private (Planes Truth, Planes Input) Load(EvalItem item, int scale, ulong seed)
    {
        var truth = Read(item.High);
        if (item.Low is null)
        {
            truth = truth.Crop(0, 0, truth.Width / scale * scale, truth.Height / scale * scale);
            return (truth, _options.NoiseSigma is { } sigma && Restoring
                ? ImageNoise.AddGaussian(truth, sigma, seed)
                : BicubicResize.Downscale(truth, scale, asBytes: true));
        }

        var input = Read(item.Low);
        var (width, height) = (input.Width * scale, input.Height * scale);
        // Some sets leave the rows on the true image that the scale doesn't divide.
        if (truth.Width < width || truth.Height < height || truth.Width >= width + scale || truth.Height >= height + scale
            || truth.Channels != input.Channels)
        {
            throw new MsSrException(new Diagnostic("MSSR1206", Severity.Error,
                $"It has {truth.Channels} channels of {truth.Height}x{truth.Width}, which is not {scale} times its partner's {input.Channels} of {input.Height}x{input.Width}.",
                item.High));
        }

        return (truth.Crop(0, 0, width, height), input);
    }

    private Planes Read(string path) =>
        EvalData.Read(path, gray: _models.Any(m => m.Contract.Colour == InputColour.Gray), _options.Reading);

    private QualityScore Score(string name, Planes image, Planes imageLuma, Planes truth, int scale)
    {
        var border = scale == 1 ? 0 : scale;
        var (luma, trueLuma) = (imageLuma.CropBorder(border), Luma(truth).CropBorder(border));
        var ssim = ImageQuality.HasSsim(luma) ? ImageQuality.Ssim(luma, trueLuma) : double.NaN;
        var psnr = ImageQuality.Psnr(luma, trueLuma);
        if (!_options.Rgb)
            return new QualityScore(name, psnr, ssim, null, null);
        var (colours, trueColours) = (image.CropBorder(border), truth.CropBorder(border));
        return new QualityScore(name, psnr, ssim, ImageQuality.Psnr(colours, trueColours),
            ImageQuality.HasSsim(colours) ? ImageQuality.Ssim(colours, trueColours) : double.NaN);
    }

    // A grey image is its own luma: the literature's scripts convert colour images only.
    private Planes Luma(Planes image) =>
        image.Channels == 1 || Restoring ? image : ColourConversion.ToLuma(image, _options.Luma);

    private EvalScores Summarize(string name, List<QualityScore> scores) => new(
        new QualityScore(name, scores.Average(s => s.Psnr), scores.Average(s => s.Ssim),
            _options.Rgb ? scores.Average(s => s.PsnrRgb) : null, _options.Rgb ? scores.Average(s => s.SsimRgb) : null),
        scores);

    private static MsSrException Unfit(string message, string? hint) =>
        new(new Diagnostic("MSSR3407", Severity.Error, message, null, hint));
}
