using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Shares a value's channels out: every class of coupled segments alike, in the given order, rounded up to equal branches.
/// </summary>
internal static class LayoutBuilder
{
    /// <summary>The layout of a value whose space is open.</summary>
    public static BranchLayout Build(ChannelSegments segments, Value value, ConversionOptions options, ChannelOrder order)
    {
        var n = options.Branches;
        var branches = Enumerable.Range(0, n).Select(_ => new List<int>()).ToArray();
        foreach (var (start, length, sharing) in segments.Segments(value))
        {
            if (sharing.IsRepeated)
            {
                foreach (var branch in branches)
                    branch.AddRange(Enumerable.Range((int)start, (int)length));
                continue;
            }

            var unit = length / sharing.Units;
            var perBranch = UnitsPerBranch(sharing.Units, options);
            for (var place = 0L; place < perBranch * n; place++)
            {
                var isPadding = place >= sharing.Units;
                var first = start + order.UnitAt(sharing, isPadding ? Original(place, perBranch, sharing.Units) : place) * unit;
                for (var k = 0; k < unit; k++)
                    branches[place / perBranch].Add((int)(isPadding ? ~(first + k) : first + k));
            }
        }

        return new BranchLayout(branches.Select(b => b.ToArray()));
    }

    /// <summary>True when every branch carries equally many channels of each of a conv's groups.</summary>
    public static bool HasEvenGroups(BranchLayout layout, long channels, long groups)
    {
        if (layout.Width % groups != 0)
            return false;
        var perGroup = layout.Width / (int)groups;
        for (var branch = 0; branch < layout.Branches; branch++)
        {
            for (var place = 0; place < layout.Width; place++)
            {
                var source = layout[branch][place];
                if (source >= 0 && source / (channels / groups) != place / perGroup)
                    return false;
            }
        }

        return true;
    }

    // Padding repeats what its branch holds of the class, from the start; a branch of padding alone repeats the whole class.
    private static long Original(long place, long perBranch, long units)
    {
        var first = place / perBranch * perBranch;
        return first < units ? first + (place - first) % (units - first) : (place - first) % units;
    }

    private static long UnitsPerBranch(long units, ConversionOptions options)
    {
        var even = (units + options.Branches - 1) / options.Branches;
        return Multiples.RoundUp(even, options.ChannelAlign);
    }
}
