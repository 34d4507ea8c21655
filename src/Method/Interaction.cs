namespace MsSrConvert.Method;

/// <summary>Which cross-scale kernels an interaction layer has.</summary>
public enum Interaction
{
    /// <summary>Between neighbouring scales only: 2n-2 cross kernels (claims 4 and 7).</summary>
    Adjacent,
    /// <summary>Between all scales: n(n-1) cross kernels (claims 5 and 8).</summary>
    Full,
}
