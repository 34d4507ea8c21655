namespace MsSrConvert.Calibration;

/// <summary>How a calibration is done.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The ridge, as a share of the mean squared column.</summary>
    public double Ridge { get; init; } = 1e-4;

    /// <summary>How often a layer in front of an activation is solved again with what its outputs should have been.</summary>
    public int AimSteps { get; init; } = 4;

    /// <summary>How much a pixel of each coarser branch counts beside one of the branch before it; 4 would count areas alike.</summary>
    public double CoarserWeight { get; init; } = 1;

    /// <summary>How often the whole network is swept over once all layers are solved; 0 leaves it at that.</summary>
    public int Sweeps { get; init; } = 12;

    /// <summary>The ridge on the input side of a sweep, as a share of the mean squared column.</summary>
    public double SweepRidge { get; init; } = 0.01;

    /// <summary>The share of the first sweep's step that is tried.</summary>
    public double FirstShare { get; init; } = 0.1;

    /// <summary>How much of a sweep's step goes into the next one.</summary>
    public double Momentum { get; init; } = 0.5;

    /// <summary>The ridge on the output side of a sweep, as a share of the mean.</summary>
    public double OutputDamping { get; init; } = 0.03;

    /// <summary>After how many sweeps it is measured again what the layers' outputs do to the network's.</summary>
    public int CurvatureEvery { get; init; } = 4;

    /// <summary>Bytes of managed memory beyond which garbage is collected at once.</summary>
    public long HeapLimit { get; init; } = long.MaxValue;
}
