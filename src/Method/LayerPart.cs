using System.Globalization;

namespace MsSrConvert.Method;

/// <summary>What a node does in a layer of the method, or in an operator that is written branch by branch.</summary>
internal enum PartKind
{
    /// <summary>A separation layer's conv, which makes the channels of all branches.</summary>
    Features,
    /// <summary>The Split that gives each branch of a separation layer its channels.</summary>
    Groups,
    /// <summary>The channels of one branch, picked out of a separation layer's grouped conv.</summary>
    Group,
    /// <summary>The shared kernel of an interaction layer on one branch.</summary>
    Same,
    /// <summary>The kernel of an interaction layer from one branch to another.</summary>
    Cross,
    /// <summary>A sum on the way from coarser branches, doubled to the size of the next finer one.</summary>
    CrossUp,
    /// <summary>A fusion layer's kernel on one branch.</summary>
    Fusion,
    /// <summary>The sum of a fusion layer's coarser branches, doubled to the size of a branch.</summary>
    Up,
    /// <summary>A sum that goes into one branch.</summary>
    Sum,
    /// <summary>Half the size.</summary>
    Down,
    /// <summary>An operator's copy for one branch.</summary>
    Branch,
    /// <summary>The channels of one branch, picked out of a pooled vector.</summary>
    Gate,
    /// <summary>A branch's pooled vector with its weight in the whole.</summary>
    Weighed,
    /// <summary>A branch brought to the size that branches have.</summary>
    Pad,
    /// <summary>A branch cut back to the source's size.</summary>
    Crop,
    /// <summary>The size of a branch.</summary>
    Size,
}

/// <summary>One node of what takes the place of a node of the source.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Branch">The branch it computes, from 0 (the finest); 0 for kinds that aren't about a branch.</param>
/// <param name="From">The branch it reads, of <see cref="PartKind.Cross"/> and <see cref="PartKind.CrossUp"/>.</param>
/// <param name="At">The branch whose size <see cref="PartKind.CrossUp"/> doubles to.</param>
internal readonly record struct LayerPart(PartKind Kind, int Branch = 0, int From = 0, int At = 0)
{
    /// <summary>A separation layer's conv.</summary>
    public static LayerPart Features => new(PartKind.Features);

    /// <summary>The Split behind a separation layer's conv.</summary>
    public static LayerPart Groups => new(PartKind.Groups);

    /// <summary>Half the size.</summary>
    public static LayerPart Down => new(PartKind.Down);

    /// <summary>The kernel from one branch to another.</summary>
    public static LayerPart Cross(int from, int to) => new(PartKind.Cross, to, from);

    /// <summary>
    /// A sum of coarser branches, <paramref name="from"/> the finest of them, on its way to branch <paramref name="to"/>, doubled
    /// to the size of branch <paramref name="at"/>.
    /// </summary>
    public static LayerPart CrossUp(int from, int to, int at) => new(PartKind.CrossUp, to, from, at);

    /// <summary>
    /// The role of the conv that a layer with this part takes the place of; null for parts of other operators too.
    /// </summary>
    public ConvRole? Role => Kind switch
    {
        PartKind.Features or PartKind.Groups => ConvRole.Separation,
        PartKind.Same or PartKind.Cross => ConvRole.Interaction,
        PartKind.Fusion => ConvRole.Fusion,
        _ => null,
    };

    /// <summary>The convs of a layer; none of a conv that is kept.</summary>
    /// <param name="role">The layer.</param>
    /// <param name="branches">The number of branches.</param>
    /// <param name="interaction">Which cross-scale kernels an interaction layer has.</param>
    public static IEnumerable<LayerPart> Convs(ConvRole role, int branches, Interaction interaction)
    {
        var all = Enumerable.Range(0, branches).ToArray();
        return role switch
        {
            ConvRole.Separation => [Features],
            ConvRole.Interaction =>
            [
                .. all.Select(i => PartKind.Same.On(i)),
                .. all.SelectMany(to => all.Where(from => interaction.Connects(from, to)).Select(from => Cross(from, to))),
            ],
            ConvRole.Fusion => all.Select(i => PartKind.Fusion.On(i)),
            _ => [],
        };
    }

    /// <summary>
    /// The part as names write it, branches counted from 1: <c>features</c>, <c>same1</c>, <c>from1to2</c>, <c>from3to1/up2</c>.
    /// </summary>
    public override string ToString()
    {
        var word = Kind.ToString().ToLowerInvariant();
        return Kind switch
        {
            PartKind.Features or PartKind.Groups or PartKind.Down => word,
            PartKind.Cross => Invariant($"from{From + 1}to{Branch + 1}"),
            PartKind.CrossUp => Invariant($"from{From + 1}to{Branch + 1}/up{At + 1}"),
            _ => Invariant($"{word}{Branch + 1}"),
        };
    }

    /// <summary>The text of <see cref="ToString"/>.</summary>
    public static implicit operator string(LayerPart part) => part.ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Makes parts.</summary>
internal static class PartKinds
{
    /// <summary>The part of this kind that computes a branch, counted from 0.</summary>
    public static LayerPart On(this PartKind kind, int branch) => new(kind, branch);
}
