using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.MultiScale;

/// <summary>
/// How a side of an output follows from a side of an input, in integers:
/// <c>floor((side * Up + Add) / Down) * Times + Plus</c>.
/// </summary>
/// <param name="Side">Which side of the picture: 0 for the height, 1 for the width.</param>
/// <param name="Up">The factor before the rounding.</param>
/// <param name="Add">What is added before the rounding.</param>
/// <param name="Down">The divisor.</param>
/// <param name="Times">The factor behind the rounding.</param>
/// <param name="Plus">What is added at the end.</param>
internal readonly record struct SideFormula(int Side, long Up, long Add, long Down, long Times, long Plus)
{
    /// <summary>A side that is the same for every input.</summary>
    public static SideFormula Constant(long length) => new(0, 0, 0, 1, 1, length);

    /// <summary>The formula of an output's side, or null where it doesn't follow from this side of the input.</summary>
    /// <param name="side">Which side of the picture.</param>
    /// <param name="input">The input's side.</param>
    /// <param name="source">The output's side in the source; may be unknown.</param>
    /// <param name="padded">The output's side for inputs of the multiple.</param>
    /// <param name="multiple">The multiple.</param>
    public static SideFormula? Find(int side, Dim input, Dim source, Dim padded, long multiple)
    {
        if (PerBlock(padded, input.CeilDivide(multiple)) is not { } perBlock)
            return source.Terms is [var (symbol, factor)] && input == Dim.Of(symbol) ? new(side, factor, 0, 1, 1, source.Offset) : null;
        // The source's rounding may stand inside a factor: 8*floor(h/8).
        var times = source.Terms is [(_, > 0 and var coefficient)] ? coefficient : 1;
        var common = Gcd(perBlock, multiple * times);
        var (up, down) = (perBlock / common, multiple * times / common);
        for (var add = 0L; add < down; add++)
        {
            var rest = source - (input * up + add).FloorDivide(down) * times;
            if (rest.IsKnown)
                return new(side, up, add, down, times, rest.Value);
        }

        return new(side, perBlock, 0, multiple, 1, padded.Offset);
    }

    private static long? PerBlock(Dim padded, Dim blocks) =>
        padded.Terms is [(var symbol, > 0 and var coefficient)] && blocks == Dim.Of(symbol) ? coefficient : null;

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
