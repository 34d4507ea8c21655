namespace MsSrConvert.Method;

/// <summary>What becomes of a conv; follows from whether its input and its output are partitioned over branches.</summary>
public enum ConvRole
{
    /// <summary>Full to full: stays as it is.</summary>
    Kept,
    /// <summary>Full to branched: the separation layer (S1, claims 1-3).</summary>
    Separation,
    /// <summary>Branched to branched: the mapping/interaction layer (S2, claims 1 and 4-9).</summary>
    Interaction,
    /// <summary>Branched to full: the fusion layer (S3, claims 1 and 10).</summary>
    Fusion,
}
