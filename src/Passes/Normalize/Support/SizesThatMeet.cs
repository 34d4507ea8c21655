using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Sizes that a node needs to be equal.</summary>
internal static class SizesThatMeet
{
    /// <summary>Pairs of sizes that are equal whenever the node makes sense, though they are written in two ways.</summary>
    public static IEnumerable<(Dim A, Dim B)> At(Node node, ShapeMap shapes)
    {
        if (!node.IsStandard)
            return [];
        if (node.Is("Concat"))
            return Joined(node, shapes);
        if (node.Has(Traits.Combining))
            return Broadcast(node, shapes);
        return node.Is("Transpose") ? Shuffled(node, shapes) : [];
    }

    private static IEnumerable<(Dim, Dim)> Joined(Node node, ShapeMap shapes)
    {
        var operands = node.Inputs.OfType<Value>().Select(shapes.ShapeOf).OfType<Shape>().ToArray();
        if (operands.Length < 2 || operands.Any(s => s.Rank != operands[0].Rank))
            return [];
        var joined = Constants.FromFront(node.IntOf("axis"), operands[0].Rank);
        return Enumerable.Range(0, operands[0].Rank).Where(axis => axis != joined)
            .SelectMany(axis => Pairs(operands.Select(s => s[axis])));
    }

    // A size of 1 is repeated instead.
    private static IEnumerable<(Dim, Dim)> Broadcast(Node node, ShapeMap shapes)
    {
        var operands = node.Inputs.OfType<Value>().Select(shapes.ShapeOf).OfType<Shape>().ToArray();
        var rank = operands.Length == 0 ? 0 : operands.Max(s => s.Rank);
        return Enumerable.Range(1,
            rank).SelectMany(i => Pairs(operands.Where(s => s.Rank >= i).Select(s => s[^i]).Where(d => d != Dim.Known(1))));
    }

    // Height and width of a pixel shuffle that is written with reshapes: beside them its first reshape would mix pixels of
    // different rows.
    private static IEnumerable<(Dim, Dim)> Shuffled(Node transpose, ShapeMap shapes)
    {
        if (transpose.GetInts("perm") is not { Count: 6 } perm || transpose.Input(0)?.Producer is not { } split
            || !split.Is("Reshape")
            || shapes.ShapeOf(split.Input(0)!) is not { Rank: 4 } from || shapes.ShapeOf(split.Output) is not { Rank: 6 } six)
        {
            return [];
        }

        return string.Concat(perm) switch
        {
            "014253" when from[1] == six[1] * six[2] * six[3] => Pairs([from[2], six[4]]).Concat(Pairs([from[3], six[5]])),
            "034152" when from[1] == six[1] * six[2] * six[3] => Pairs([from[2], six[4]]).Concat(Pairs([from[3], six[5]])),
            "013524" or "035124" when from[1] == six[1] =>
                Pairs([from[2], six[2] * six[3]]).Concat(Pairs([from[3], six[4] * six[5]])),
            _ => [],
        };
    }

    private static IEnumerable<(Dim, Dim)> Pairs(IEnumerable<Dim> sizes)
    {
        var known = sizes.Where(d => !d.IsUnknown).Distinct().ToArray();
        return known.Skip(1).Select(d => (known[0], d));
    }
}
