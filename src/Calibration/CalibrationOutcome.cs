using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Calibration;

/// <summary>A finished calibration.</summary>
/// <param name="Result">The conversion, with the solved kernels in its model.</param>
/// <param name="Report">What became of every layer.</param>
/// <param name="Images">Where the patches came from, in words.</param>
/// <param name="Patches">How many patches the layers were solved on.</param>
/// <param name="Height">Rows of a patch.</param>
/// <param name="Width">Columns of a patch.</param>
/// <param name="Sweeps">How many sweeps over the network were made.</param>
/// <param name="Before">
/// Before calibration: PSNR of the converted network's output against the source's on images held back, in dB.
/// </param>
/// <param name="After">The same after it.</param>
/// <param name="Seconds">How long it took, with all that belongs to it.</param>
/// <param name="Notes">What had to be done otherwise than asked for, in words.</param>
public sealed record CalibrationOutcome(
    Converted Result,
    CalibrationReport Report,
    string Images,
    int Patches,
    int Height,
    int Width,
    int Sweeps,
    double Before,
    double After,
    double Seconds,
    IReadOnlyList<string> Notes);
