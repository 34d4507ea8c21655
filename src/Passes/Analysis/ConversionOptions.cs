namespace MsSrConvert.Passes.Analysis;

/// <summary>Which cross-scale kernels an interaction layer has.</summary>
public enum Interaction
{
    /// <summary>Between neighbouring scales only: 2n-2 cross kernels (claims 4 and 7).</summary>
    Adjacent,
    /// <summary>Between all scales: n(n-1) cross kernels (claims 5 and 8).</summary>
    Full,
}

/// <summary>What a user can ask of a conversion. Nothing here depends on the network.</summary>
public sealed record ConversionOptions
{
    /// <summary>The number of branches n, at least 2.</summary>
    public int Branches { get; init; } = 2;

    /// <summary>Which cross-scale kernels an interaction layer has.</summary>
    public Interaction Interaction { get; init; } = Interaction.Adjacent;

    /// <summary>Channels per branch are rounded up to a multiple of this.</summary>
    public int ChannelAlign { get; init; } = 1;

    /// <summary>Node-name patterns (<c>*</c> and <c>?</c>) of convs that stay as they are.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Promise that inputs come in the needed multiple: no Pad, no Slice.</summary>
    public bool AssumeMultiple { get; init; }

    /// <summary>The output's operator set, or null for the source's (13 where that is older).</summary>
    public int? Opset { get; init; }
}
