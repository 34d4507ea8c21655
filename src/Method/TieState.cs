using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>What has become of a shared weight.</summary>
/// <param name="Tie">What the metadata says.</param>
/// <param name="Reads">Where it is read, node by node.</param>
/// <param name="Missing">Recorded nodes that the graph doesn't have, or whose weight isn't constant any more.</param>
public sealed record TieState(Tie Tie, IReadOnlyList<WeightRead> Reads, IReadOnlyList<string> Missing)
{
    /// <summary>The initializers that are read: one, if the tie is intact.</summary>
    public IReadOnlyList<Value> Copies { get; } = [.. Reads.Select(r => r.Weight).Distinct()];

    /// <summary>True when all nodes are there and read one initializer.</summary>
    public bool IsIntact => Missing.Count == 0 && Copies.Count == 1;

    /// <summary>True when it is read as several initializers.</summary>
    public bool IsBroken => Copies.Count > 1;

    /// <summary>True when the copies have one element type and one shape, so that one initializer can stand for them.</summary>
    public bool CanBeOne => Copies.All(c =>
        c.Initializer!.Element == Copies[0].Initializer!.Element
            && c.Initializer.Dims.SequenceEqual(Copies[0].Initializer!.Dims));

    /// <summary>
    /// The largest difference between the copies at any place; 0 where they are equal, NaN where they can't be compared.
    /// </summary>
    public double MaxDifference()
    {
        if (!CanBeOne)
            return double.NaN;
        var first = Copies.Count == 0 ? [] : Copies[0].Initializer!.ToFloats();
        return Copies.Skip(1)
            .Max(copy => copy.Initializer!.ToFloats().Zip(first, (a, b) => (double?)Math.Abs((double)a - b)).Max()) ?? 0;
    }
}
