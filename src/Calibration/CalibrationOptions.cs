namespace MsSrConvert.Calibration;

/// <summary>How a calibration is done.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The least ridge, as a share of the mean squared column.</summary>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>How many rows a layer's equations are summed over.</summary>
    public int Rows { get; init; } = 131072;

    /// <summary>Bytes that a layer's rows may take; layers with many unknowns are solved from fewer rows.</summary>
    public long RowBytes { get; init; } = 512L << 20;

    /// <summary>How many rows a layer with so many unknowns is solved from.</summary>
    internal double RowsFor(double unknowns) => Math.Min(Rows, RowBytes / sizeof(float) / unknowns);

    /// <summary>How often a layer in front of an activation is solved again with what its outputs should have been.</summary>
    public int AimSteps { get; init; } = 4;

    /// <summary>
    /// How much a pixel of each coarser branch counts beside one of the branch before it; 4 would count areas alike.
    /// </summary>
    public double CoarserWeight { get; init; } = 1;

    /// <summary>How often the whole network is swept over at the most once all layers are solved; 0 leaves it at that.</summary>
    public int Sweeps { get; init; } = 16;

    /// <summary>
    /// Multiply-adds that all sweeps together may take; large networks get fewer of them, but never fewer than four.
    /// </summary>
    public double SweepWork { get; init; } = 2e12;

    /// <summary>How many patches a sweep sees.</summary>
    public int SweepPatches { get; init; } = 16;

    /// <summary>The ridge on the columns of a sweep, as a share of the mean squared column.</summary>
    public double SweepRidge { get; init; } = 0.01;

    /// <summary>What directions that no probe has seen count in a sweep, as a share of the mean.</summary>
    public double SweepDamping { get; init; } = 1;

    /// <summary>Bytes of managed memory beyond which garbage is collected at once.</summary>
    public long HeapLimit { get; init; } = long.MaxValue;
}
