using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Sizes;

/// <summary>How the pixels that a node computes relate to those it reads.</summary>
internal enum PixelRelation
{
    /// <summary>
    /// Pixel (r, c) comes from the same neighbourhood, counted from the top left corner, however large the map is: convs, pooling
    /// over whole windows, repeating pixels, everything that works pixel by pixel. On an enlarged map the first rows and columns
    /// are the source's. (A conv sees the repeated edge where the source has its zeros; that is the method's approximation at the
    /// border.)
    /// </summary>
    Local,

    /// <summary>
    /// Pixels depend on where the map ends: means and statistics over it, coordinates counted from both ends, windows that the
    /// end cuts, neighbours that are repeated there. Such a node must see exactly the source's pixels.
    /// </summary>
    SeesEnd,
}

/// <summary>A factor between two sizes: <paramref name="Up"/> / <paramref name="Down"/>.</summary>
internal readonly record struct SizeFactor(long Up, long Down)
{
    /// <summary>A factor that changes nothing.</summary>
    public static SizeFactor One { get; } = new(1, 1);

    /// <summary>The size times the factor, rounded down.</summary>
    public Dim Times(Dim size) => (size * Up).FloorDivide(Down);
}

/// <summary>
/// The pixel relation of the operators that can be done branch by branch. Branched values are enlarged at the bottom and the
/// right, so that they can be halved; all other values of a converted network have the source's size and are not touched by this.
/// Nodes that mirror or shift pixels (flips, spatial Concat and Split, GridSample) have no rule, are not branched, and therefore
/// always see the source's pixels.
/// </summary>
internal static class PixelRelations
{
    /// <summary>The relation between a node's first input and its outputs.</summary>
    public static PixelRelation Of(Node node, ShapeMap source) => node.OpType switch
    {
        "Resize" => OfResize(node, source),
        "AveragePool" or "MaxPool" or "LpPool" => IsCut(node) ? PixelRelation.SeesEnd : PixelRelation.Local,
        "InstanceNormalization" => PixelRelation.SeesEnd,
        _ when node.OpType.StartsWith("Global", StringComparison.Ordinal)
            || node.OpType.StartsWith("Reduce", StringComparison.Ordinal) =>
            PixelRelation.SeesEnd,
        _ => PixelRelation.Local,
    };

    /// <summary>
    /// The factors of height and width by which a Resize enlarges or shrinks; null where they are no whole ones or change with
    /// the size.
    /// </summary>
    public static SizeFactor[]? ResizeFactors(Node node, ShapeMap source)
    {
        if (!node.Is("Resize"))
            return null;
        if (node.Input(3) is null)
        {
            return node.Input(2) is { } scales && source.NumbersOf(scales) is [1, 1, var rows, var columns]
                && Factor(rows) is { } r && Factor(columns) is { } c ? [r, c] : null;
        }

        if (source.ShapeOf(node.Input(0)!) is not { Rank: 4 } input || source.ShapeOf(node.Output) is not { Rank: 4 } output)
            return null;
        var factors = new[] { 2, 3 }.Select(axis => Factor(input[axis], output[axis])).ToArray();
        return factors.Contains(null) ? null : Array.ConvertAll(factors, f => f!.Value);
    }

    // Repeating pixels a whole number of times needs no neighbour. Corners that are aligned lie at the map's ends; a size that is
    // no fixed multiple of the input's moves every pixel with it; interpolation repeats the last pixel. Odd factors can't be cut
    // back and padded.
    private static PixelRelation OfResize(Node node, ShapeMap source)
    {
        var isFactor = ResizeFactors(node, source) is not null;
        if (node.GetString("coordinate_transformation_mode",
            "half_pixel") is not ("half_pixel" or "pytorch_half_pixel" or "asymmetric"))
        {
            return PixelRelation.SeesEnd;
        }

        if (node.GetString("mode", "nearest") == "nearest" && !RoundsUp(node))
            return isFactor || node.Input(3) is null ? PixelRelation.Local : PixelRelation.SeesEnd;
        return isFactor || node.Input(3) is not null ? PixelRelation.SeesEnd : PixelRelation.Local;
    }

    // The last pixel's copies would be taken from behind it.
    private static bool RoundsUp(Node node) => node.GetString("nearest_mode", "round_prefer_floor") is var rounding
        && (
            rounding == "ceil"
                || (rounding != "floor" && node.GetString("coordinate_transformation_mode", "half_pixel") == "asymmetric"));

    private static bool IsCut(Node pool) =>
        pool.GetInt("ceil_mode", 0) != 0 || pool.GetInts("pads")?.Skip(2).Any(pad => pad > 0) == true;

    private static SizeFactor? Factor(double scale)
    {
        if (scale >= 1 && scale == Math.Floor(scale))
            return new SizeFactor((long)scale, 1);
        return scale > 0 && 1 / scale == Math.Floor(1 / scale) ? new SizeFactor(1, (long)(1 / scale)) : null;
    }

    private static SizeFactor? Factor(Dim from, Dim to)
    {
        if (to.TryDivide(from, out var up) && up.IsKnown)
            return new SizeFactor(up.Value, 1);
        return from.TryDivide(to, out var down) && down.IsKnown ? new SizeFactor(1, down.Value) : null;
    }
}
