namespace MsSrConvert.Calibration;

/// <summary>How far a calibration is.</summary>
/// <param name="Text">What is being done, and what came of the last step.</param>
/// <param name="Share">The share of all work that is done, 0 to 1.</param>
/// <param name="Remaining">The time that is likely left, or null where nothing can be said yet.</param>
public sealed record CalibrationProgress(string Text, double Share, TimeSpan? Remaining);
