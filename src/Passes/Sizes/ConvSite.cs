using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Sizes;

/// <summary>
/// A conv together with the Pad in front of it, where there is one that only convs read: reflecting and repeating pads are
/// written as nodes of their own, but belong to the conv as its pads attribute would. The pair keeps sizes in ratio where neither
/// does alone.
/// </summary>
/// <param name="Conv">The Conv or ConvTranspose.</param>
/// <param name="Pad">The Pad node, or null.</param>
internal readonly record struct ConvSite(Node Conv, Node? Pad)
{
    /// <summary>The feature value the pair reads.</summary>
    public Value Input => (Pad ?? Conv).Input(0)!;

    /// <summary>The Pad's margins: top, left, bottom, right; null without a Pad.</summary>
    public IReadOnlyList<long>? Margin => Pad is null ? null : SpatialPads(Pad);

    /// <summary>The conv with the Pad that belongs to it.</summary>
    public static ConvSite Of(Node conv) =>
        conv.Is("Conv") && conv.Input(0)?.Producer is { } producer
            && IsAbsorbed(producer) ? new(conv, producer) : new(conv, null);

    /// <summary>True for a Pad by constants in height and width that only convs read.</summary>
    public static bool IsAbsorbed(Node node) => node.Is("Pad") && SpatialPads(node) is not null && !node.Output.IsGraphOutput
        && node.Output.Uses.Count > 0
        && node.Output.Uses.All(use => use.Index == 0 && use.Node.Is("Conv") && use.Node.Graph == node.Graph)
        && node.Input(3) is null;

    private static long[]? SpatialPads(Node pad) =>
        pad.Input(1)?.Initializer?.ToInt64s() is [0, 0, >= 0, >= 0, 0, 0, >= 0, >= 0] all
        ? [all[2], all[3], all[6], all[7]]
        : null;
}
