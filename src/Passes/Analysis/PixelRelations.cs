using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Analysis;

/// <summary>How the pixels that a node computes relate to those it reads.</summary>
internal enum PixelRelation
{
    /// <summary>
    /// Pixel (r, c) comes from the same neighbourhood, counted from the top left corner, however large the map is: convs, pooling over
    /// windows, enlarging by a factor, everything that works pixel by pixel. On an enlarged map the first rows and columns are the source's.
    /// </summary>
    Local,

    /// <summary>
    /// Every pixel depends on where the map ends: means over it, statistics of it, coordinates counted from both ends. Such a node must
    /// see exactly the source's pixels.
    /// </summary>
    WholeMap,
}

/// <summary>A factor between two sizes: <paramref name="Up"/> / <paramref name="Down"/>.</summary>
internal readonly record struct SizeFactor(long Up, long Down)
{
    /// <summary>The size times the factor; unknown where that isn't a whole number.</summary>
    public Dim Times(Dim size) => (size * Up).TryDivide(Down, out var result) ? result : Dim.Unknown;
}

/// <summary>
/// The pixel relation of the operators that can be done branch by branch. Branched values are enlarged at the bottom and the right, so
/// that they can be halved; all other values of a converted network have the source's size and are not touched by this. Nodes that mirror
/// or shift pixels (flips, spatial Concat and Split, GridSample) have no rule, stay full, and therefore always see the source's pixels.
/// </summary>
internal static class PixelRelations
{
    /// <summary>The relation between a node's first input and its outputs.</summary>
    public static PixelRelation Of(Node node, ShapeMap source) => node.OpType switch
    {
        "Resize" => OfResize(node, source),
        "InstanceNormalization" => PixelRelation.WholeMap,
        _ when node.OpType.StartsWith("Global", StringComparison.Ordinal) || node.OpType.StartsWith("Reduce", StringComparison.Ordinal) =>
            PixelRelation.WholeMap,
        _ => PixelRelation.Local,
    };

    /// <summary>The factors of height and width by which a Resize to a size enlarges or shrinks; null where they change with the size.</summary>
    public static SizeFactor[]? ResizeFactors(Node node, ShapeMap source)
    {
        if (!node.Is("Resize") || node.Input(3) is null || source.ShapeOf(node.Input(0)!) is not { Rank: 4 } input || source.ShapeOf(node.Output) is not { Rank: 4 } output)
            return null;
        var factors = new[] { 2, 3 }.Select(axis => Factor(input[axis], output[axis])).ToArray();
        return factors.Contains(null) ? null : Array.ConvertAll(factors, f => f!.Value);
    }

    // Corners that are aligned lie both at the map's ends; a size that is no fixed multiple of the input's moves every pixel with it.
    private static PixelRelation OfResize(Node node, ShapeMap source)
    {
        if (node.GetString("coordinate_transformation_mode", "half_pixel") is not ("half_pixel" or "pytorch_half_pixel" or "asymmetric"))
            return PixelRelation.WholeMap;
        return node.Input(3) is null || ResizeFactors(node, source) is not null ? PixelRelation.Local : PixelRelation.WholeMap;
    }

    private static SizeFactor? Factor(Dim from, Dim to)
    {
        if (to.TryDivide(from, out var up) && up.IsKnown)
            return new SizeFactor(up.Value, 1);
        return from.TryDivide(to, out var down) && down.IsKnown ? new SizeFactor(1, down.Value) : null;
    }
}
