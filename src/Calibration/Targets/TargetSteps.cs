using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Targets;

/// <summary>An operator between a layer and the value it is solved for, forwards and backwards.</summary>
internal interface ITargetStep
{
    /// <summary>What the operator makes of a branch.</summary>
    Planar Forth(Planar x, Place place);

    /// <summary>What the operator must be given for this to come out.</summary>
    Planar Back(Planar y, Place place);
}

/// <summary>
/// A sum with a value the converted network has already: the layer makes up for that value's error too.
/// </summary>
/// <param name="other">The other summand of a branch.</param>
/// <param name="sign">The layer's sign: -1 in <c>other - layer</c>.</param>
/// <param name="otherSign">The other's sign: -1 in <c>layer - other</c>.</param>
internal sealed class SumStep(Func<Place, Planar> other, int sign, int otherSign) : ITargetStep
{
    public Planar Forth(Planar x, Place place) => PlanarMath.Combine(x, sign, other(place), otherSign);

    public Planar Back(Planar y, Place place) => PlanarMath.Combine(y, sign, other(place), -sign * otherSign);
}

/// <summary>Multiplication by and addition of constants, one for all channels or one per channel of a branch.</summary>
internal sealed class AffineStep(Func<int, float[]> factors, Func<int, float[]> offsets) : ITargetStep
{
    public Planar Forth(Planar x, Place place)
    {
        var (factor, offset) = (factors(place.Branch), offsets(place.Branch));
        return PlanarMath.Map(x, (v, c) => v * PlanarMath.At(factor, c) + PlanarMath.At(offset, c));
    }

    public Planar Back(Planar y, Place place)
    {
        var (factor, offset) = (factors(place.Branch), offsets(place.Branch));
        // A channel that is multiplied by zero may be anything.
        return PlanarMath.Map(y, (v, c) => PlanarMath.At(factor, c) is var f && f != 0 ? (v - PlanarMath.At(offset, c)) / f : 0);
    }
}

/// <summary>PixelShuffle (DepthToSpace) with blocks of r×r.</summary>
internal sealed class ShuffleStep(int block, bool depthFirst) : ITargetStep
{
    public Planar Forth(Planar x, Place place)
    {
        var wide = new Planar(x.Count / (block * block), x.Height * block, x.Width * block);
        ForEachRow(wide, (deep, row, dx, y, c) =>
        {
            for (var i = 0; i < x.Width; i++)
                wide[c][y * wide.Width + i * block + dx] = x[deep][row * x.Width + i];
        });
        return wide;
    }

    public Planar Back(Planar y, Place place)
    {
        var result = new Planar(y.Count * block * block, y.Height / block, y.Width / block);
        ForEachRow(y, (deep, row, dx, line, c) =>
        {
            for (var i = 0; i < result.Width; i++)
                result[deep][row * result.Width + i] = y[c][line * y.Width + i * block + dx];
        });
        return result;
    }

    private void ForEachRow(Planar wide, Action<int, int, int, int, int> visit) => Parallel.For(0, wide.Count, c =>
    {
        for (var y = 0; y < wide.Height; y++)
        {
            for (var dx = 0; dx < block; dx++)
            {
                var offset = y % block * block + dx;
                visit(depthFirst ? offset * wide.Count + c : c * block * block + offset, y / block, dx, y, c);
            }
        }
    });
}
