namespace MsSrConvert.Calibration.Features;

/// <summary>Which branch (0 the finest) of which patch.</summary>
internal readonly record struct Place(int Branch, int Patch);
