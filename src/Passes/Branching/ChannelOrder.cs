using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching;

/// <summary>In which order the units of every class of coupled channels are dealt out to the branches.</summary>
internal sealed class ChannelOrder
{
    private readonly Dictionary<SegmentClass, int[]> _orders = [];

    /// <summary>Orders every class by the summed sensitivity of its units, most first; equal ones stay in source order.</summary>
    /// <param name="segments">Solved segments.</param>
    /// <param name="values">The values whose channels count.</param>
    /// <param name="sensitivity">
    /// How much each channel would lose at half size, by the value's name; null for source order.
    /// </param>
    public ChannelOrder(ChannelSegments segments, IEnumerable<Value> values, IReadOnlyDictionary<string, double[]>? sensitivity)
    {
        if (sensitivity is null)
            return;
        var sums = new Dictionary<SegmentClass, double[]>();
        foreach (var value in values.Where(v => sensitivity.ContainsKey(v.Name)))
        {
            foreach (var (start, length, sharing) in segments.Segments(value))
            {
                if (!sums.TryGetValue(sharing, out var units))
                    sums[sharing] = units = new double[sharing.Units];
                for (var k = 0; k < length; k++)
                    units[k / (length / sharing.Units)] += sensitivity[value.Name][start + k];
            }
        }

        foreach (var (sharing, units) in sums)
            _orders[sharing] = [.. Enumerable.Range(0, units.Length).OrderByDescending(unit => units[unit])];
    }

    /// <summary>The unit of a class that is dealt out at this place.</summary>
    public long UnitAt(SegmentClass sharing, long place) => _orders.TryGetValue(sharing, out var order) ? order[place] : place;
}
