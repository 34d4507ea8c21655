using MsSrConvert.Calibration.Images;

namespace MsSrConvert.Calibration;

/// <summary>What a calibration is asked for.</summary>
/// <param name="Images">Where patches are cut from.</param>
public sealed record CalibrationRequest(IImageSource Images)
{
    /// <summary>How many patches; null for as many as hold the usual number of pixels.</summary>
    public int? Patches { get; init; }

    /// <summary>The side of a patch in pixels of the network's input; rounded up to what the branches need.</summary>
    public int PatchSize { get; init; } = 64;

    /// <summary>The random seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Standard deviation in grey levels of the noise that a restoration network is given.</summary>
    public double NoiseSigma { get; init; } = 25;

    /// <summary>Bytes that may be used.</summary>
    public long Memory { get; init; } = 4L << 30;

    /// <summary>No further sweep begins after this time; null for as many as the options say.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How layers are solved.</summary>
    public CalibrationOptions Options { get; init; } = new();
}
