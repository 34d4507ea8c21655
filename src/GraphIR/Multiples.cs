using System.Numerics;

namespace MsSrConvert.GraphIR;

/// <summary>
/// Sizes that must be multiples of something: image sides of strides and factors, channels of a runtime's block.
/// </summary>
internal static class Multiples
{
    /// <summary>The least multiple that isn't below a value.</summary>
    /// <param name="value">Zero or more.</param>
    /// <param name="multiple">One or more.</param>
    public static T RoundUp<T>(T value, T multiple)
        where T : IBinaryInteger<T> => (value + multiple - T.One) / multiple * multiple;
}
