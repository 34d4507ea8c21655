using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching;

/// <summary>
/// "Units of channels": operators that keep channels apart (activations, Add, Concat, Split, PixelShuffle, grouped convs) link
/// runs of channels of two values. From all links this class cuts every value's channel axis into segments, joins linked
/// segments into classes, and shares each class out over the branches alike, so that coupled channels land in the same branch
/// at the same place.
/// </summary>
/// <remarks>
/// A unit is the smallest number of a segment's channels that has to stay together: one for most values, r*r in front of a
/// PixelShuffle by r, a whole group for a depthwise or finely grouped conv.
/// </remarks>
internal sealed class ChannelSegments
{
    private readonly Dictionary<Value, SortedSet<long>> _cuts = [];
    private readonly List<ChannelLink> _links = [];
    private readonly List<(Value Value, long Start, long Count)> _repeated = [];
    private readonly Dictionary<(Value Value, long Start), SegmentClass> _classes = [];

    /// <summary>Values whose links contradict each other, with what is wrong.</summary>
    public Dictionary<Value, string> Conflicts { get; } = [];

    /// <summary>Makes a value with its channel count known; to be called before any link names it.</summary>
    public void AddValue(Value value, long channels) => _cuts.TryAdd(value, [0, channels]);

    /// <summary>Requires a segment to end at a channel.</summary>
    public void Cut(Value value, long at) => _cuts[value].Add(at);

    /// <summary>Couples two runs of channels.</summary>
    public void Link(ChannelLink link)
    {
        _links.Add(link);
        _cuts[link.A].UnionWith([link.StartA, link.StartA + link.Count * link.UnitA]);
        _cuts[link.B].UnionWith([link.StartB, link.StartB + link.Count * link.UnitB]);
    }

    /// <summary>Cuts and joins; afterwards <see cref="Segments"/> answers.</summary>
    public void Solve()
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var link in _links)
                changed |= Transfer(link, forward: true) | Transfer(link, forward: false);
        }
        while (changed);

        foreach (var (value, cuts) in _cuts)
        {
            foreach (var (start, end) in cuts.Zip(cuts.Skip(1)))
                _classes[(value, start)] = new SegmentClass(end - start);
        }

        foreach (var link in _links.Where(l => !Conflicts.ContainsKey(l.A) && !Conflicts.ContainsKey(l.B)))
            Join(link);
        foreach (var (value, start, count) in _repeated)
        {
            foreach (var segment in Segments(value).Where(s => s.Start >= start && s.Start < start + count))
                segment.Class.IsRepeated = true;
        }
    }

    /// <summary>
    /// Gives every branch all of these channels; the first of a run of <paramref name="count"/> is <paramref name="start"/>.
    /// </summary>
    public void Repeat(Value value, long start, long count)
    {
        _cuts[value].UnionWith([start, start + count]);
        _repeated.Add((value, start, count));
    }

    /// <summary>The fewest units that any segment of the value has to partition; 0 where all are repeated.</summary>
    public long FewestUnits(Value value) =>
        Segments(value).Where(s => !s.Class.IsRepeated).Select(s => s.Class.Units).DefaultIfEmpty(0).Min();

    /// <summary>The segments of a value in channel order: first channel, length, and the class they belong to.</summary>
    public IEnumerable<(long Start, long Length, SegmentClass Class)> Segments(Value value) => _cuts[value]
        .Zip(_cuts[value].Skip(1), (start, end) => (start, end - start, _classes[(value, start)].Root));

    private bool Transfer(ChannelLink link, bool forward)
    {
        var (from, startFrom, unitFrom) = forward ? (link.A, link.StartA, link.UnitA) : (link.B, link.StartB, link.UnitB);
        var (to, startTo, unitTo) = forward ? (link.B, link.StartB, link.UnitB) : (link.A, link.StartA, link.UnitA);
        var changed = false;
        foreach (var cut in _cuts[from].GetViewBetween(startFrom, startFrom + link.Count * unitFrom).ToArray())
        {
            if ((cut - startFrom) % unitFrom != 0)
            {
                Conflicts[from] =
                    $"channels {startFrom + (cut - startFrom) / unitFrom * unitFrom}..{cut} must stay together in one place and be apart in another";
            }
            else
            {
                changed |= _cuts[to].Add(startTo + (cut - startFrom) / unitFrom * unitTo);
            }
        }

        return changed;
    }

    private void Join(ChannelLink link)
    {
        foreach (var start in _cuts[link.A].GetViewBetween(link.StartA, link.StartA + link.Count * link.UnitA - 1))
        {
            var a = _classes[(link.A, start)];
            var b = _classes[(link.B, link.StartB + (start - link.StartA) / link.UnitA * link.UnitB)];
            a.Join(b, a.Length / link.UnitA);
        }
    }
}

/// <summary>Couples <paramref name="Count"/> units of channels of two values, place by place.</summary>
internal readonly record struct ChannelLink(Value A, long StartA, long UnitA, Value B, long StartB, long UnitB, long Count);

/// <summary>Segments that are partitioned over the branches alike.</summary>
internal sealed class SegmentClass(long length)
{
    private SegmentClass? _parent;

    /// <summary>The length of the segment this class was made for.</summary>
    public long Length { get; } = length;

    /// <summary>How many units the class has; valid at <see cref="Root"/>.</summary>
    public long Units { get; private set; } = length;

    /// <summary>
    /// True when every branch gets all units instead of its share; valid at <see cref="Root"/>, once all are joined.
    /// </summary>
    public bool IsRepeated { get; set; }

    /// <summary>The class that stands for all joined ones.</summary>
    public SegmentClass Root
    {
        get
        {
            var root = this;
            while (root._parent is not null)
                root = root._parent;
            if (root != this)
                _parent = root;
            return root;
        }
    }

    /// <summary>Joins two classes that share <paramref name="units"/> units, or a divisor of them.</summary>
    public void Join(SegmentClass other, long units)
    {
        var (root, joined) = (Root, other.Root);
        root.Units = Gcd(Gcd(root.Units, joined.Units), units);
        if (root != joined)
            joined._parent = root;
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
