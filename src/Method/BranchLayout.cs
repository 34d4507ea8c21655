namespace MsSrConvert.Method;

/// <summary>
/// How the channels of one feature value are partitioned over the branches: for every branch the list of source channels it
/// carries. A padding channel, which only fills the branch up to its width, stands there as the complement <c>~c</c> of the
/// channel that it is a copy of.
/// </summary>
public sealed class BranchLayout : IEquatable<BranchLayout>
{
    private readonly int[][] _channels;

    /// <summary>Makes a layout; all branches must be equally wide.</summary>
    /// <exception cref="ArgumentException">The branches differ in width.</exception>
    public BranchLayout(IEnumerable<int[]> channels)
    {
        _channels = [.. channels];
        if (_channels.Length == 0 || _channels.Any(c => c.Length != _channels[0].Length))
            throw new ArgumentException("All branches of a layout must have the same number of channels.", nameof(channels));
    }

    /// <summary>The number of branches.</summary>
    public int Branches => _channels.Length;

    /// <summary>Channels per branch, padding channels included.</summary>
    public int Width => _channels[0].Length;

    /// <summary>The source channels of a branch, counted from 0 (the finest); padding is negative.</summary>
    public ReadOnlySpan<int> this[int branch] => _channels[branch];

    /// <summary>The source channels of a branch, that which a padding channel is a copy of in its place.</summary>
    public int[] Copied(int branch) => Array.ConvertAll(_channels[branch], SourceOf);

    /// <summary>The channel that an entry of a layout is, or is a copy of.</summary>
    public static int SourceOf(int entry) => entry < 0 ? ~entry : entry;

    /// <summary>The source channels of all branches, finest first.</summary>
    public int[] Concatenated => [.. _channels.SelectMany(c => c)];

    /// <summary>True when the branches in order are exactly the source's channels in order.</summary>
    public bool IsContiguous => Concatenated.Select((channel, i) => channel == i).All(same => same);

    /// <inheritdoc/>
    public bool Equals(BranchLayout? other) =>
        other is not null && Branches == other.Branches
            && _channels.Zip(other._channels).All(p => p.First.AsSpan().SequenceEqual(p.Second));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BranchLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => Concatenated.Aggregate(Branches, HashCode.Combine);
}
