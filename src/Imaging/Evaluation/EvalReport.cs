using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Imaging.Evaluation;

/// <summary>How near an image came to the true one; PSNR in dB, infinite where they are equal.</summary>
/// <param name="Name">The image, or the model in a summary.</param>
/// <param name="Psnr">On luma; for restoration on all channels.</param>
/// <param name="Ssim">Likewise, 0..1; NaN where the image is smaller than the window of 11x11.</param>
/// <param name="PsnrRgb">On all colour channels, or null when not asked for.</param>
/// <param name="SsimRgb">Likewise.</param>
public sealed record QualityScore(string Name, double Psnr, double Ssim, double? PsnrRgb, double? SsimRgb);

/// <summary>A model's scores: the means, and each image's.</summary>
/// <param name="Mean">Means over the images; its name is the model's, or <c>bicubic</c>, or <c>input</c>.</param>
/// <param name="PerImage">Each image, in order.</param>
public sealed record EvalScores(QualityScore Mean, IReadOnlyList<QualityScore> PerImage);

/// <summary>What an evaluation found.</summary>
/// <param name="Scale">The enlargement; 1 for restoration.</param>
/// <param name="Baseline">Bicubic enlargement (or, for restoration, the input as it is): the row to beat.</param>
/// <param name="Models">The models, in order.</param>
public sealed record EvalReport(int Scale, EvalScores Baseline, IReadOnlyList<EvalScores> Models)
{
    /// <summary>Images that couldn't be read, by name; the figures are without them.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>One image with everything that was made of it, as 8-bit images.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Truth">The true image.</param>
/// <param name="Results">What was made of it: the baseline first, then the models in order.</param>
public sealed record EvalImage(string Name, Planes Truth, IReadOnlyList<(string Name, Planes Image)> Results);
