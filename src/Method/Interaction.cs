namespace MsSrConvert.Method;

/// <summary>Which cross-scale kernels an interaction layer has.</summary>
public enum Interaction
{
    /// <summary>Between neighbouring scales only: 2n-2 cross kernels (claims 4 and 7).</summary>
    Adjacent,
    /// <summary>Between all scales: n(n-1) cross kernels (claims 5 and 8).</summary>
    Full,
}

/// <summary>Says which branches cross-scale kernels lead between.</summary>
internal static class Interactions
{
    /// <summary>True where a kernel leads from one branch to another.</summary>
    public static bool Connects(this Interaction interaction, int from, int to) =>
        from != to && (interaction == Interaction.Full || Math.Abs(from - to) == 1);
}
