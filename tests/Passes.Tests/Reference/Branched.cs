namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>
/// A feature value as the method has it: one array per branch, finest first, and which source channels each carries; padding is
/// the complement of the channel it is a copy of.
/// </summary>
internal sealed record Branched(NdArray[] Branches, int[][] Layout)
{
    public int Count => Branches.Length;

    /// <summary>The number of the source's channels.</summary>
    public int Channels => Layout.Max(b => b.Max()) + 1;

    /// <summary>A channel number, padding or not, changed.</summary>
    public static int Renumber(int channel, Func<int, int> change) => channel < 0 ? ~change(~channel) : change(channel);

    /// <summary>The channel that is carried, or copied.</summary>
    public static int Copied(int channel) => channel < 0 ? ~channel : channel;

    public Branched Map(Func<NdArray, int, NdArray> f) => this with { Branches = [.. Branches.Select(f)] };
}
