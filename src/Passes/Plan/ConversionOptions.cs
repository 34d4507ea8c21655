using MsSrConvert.Method;

namespace MsSrConvert.Passes.Plan;

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

    /// <summary>
    /// Where the branches end: <c>last</c> (as late as the rules allow), <c>upsampler</c> (before the first upscaling operator)
    /// or a node's name.
    /// </summary>
    public string FuseAt { get; init; } = LastConv;

    /// <summary>Where the branches begin: <c>first</c> (as early as the rules allow) or a node's name.</summary>
    public string SeparateAt { get; init; } = FirstConv;

    /// <summary>The default of <see cref="FuseAt"/>: the method's literal form.</summary>
    public const string LastConv = "last";

    /// <summary>The value of <see cref="FuseAt"/> that leaves the upscaling tail full.</summary>
    public const string Upsampler = "upsampler";

    /// <summary>The default of <see cref="SeparateAt"/>.</summary>
    public const string FirstConv = "first";

    /// <summary>True where the user says where the branches begin or end.</summary>
    internal bool HasSpan => FuseAt != LastConv || SeparateAt != FirstConv;

    /// <summary>Promise that inputs come in the needed multiple: no Pad, no Slice.</summary>
    public bool AssumeMultiple { get; init; }

    /// <summary>Convert a model again that is converted already.</summary>
    public bool Again { get; init; }

    /// <summary>The output's operator set, or null for the source's (13 where that is older).</summary>
    public int? Opset { get; init; }
}
