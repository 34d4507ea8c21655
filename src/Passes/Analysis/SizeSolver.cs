using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Analysis;

/// <summary>
/// Finds the multiple that height and width of the inputs must have so that every scale of every branched value is whole:
/// 2^(n-1) times the network's deepest downscale. Found by inferring shapes for candidate multiples and weighing the convs whose
/// surroundings come out divisible, so no operator needs to be known here.
/// </summary>
internal static class SizeSolver
{
    // Deepest downscales of restoration networks, smallest first: powers of two, and those with one factor of 3 or 5.
    private static readonly long[] Downscales = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64];

    // A larger multiple pads more; it must bring in at least this share of the network's work.
    private const double WorthwhileGain = 0.05;

    /// <summary>The smallest multiple after which no larger one brings in a worthwhile share of the work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="branches">The number of branches n.</param>
    /// <param name="gainAt">What a conversion with inputs of a multiple would save.</param>
    public static InputSizes Solve(Model model, int branches, Func<InputSizes, SizeGain> gainAt)
    {
        InputSizes? best = null;
        var saved = double.NegativeInfinity;
        foreach (var downscale in Downscales)
        {
            var sizes = InputSizes.Infer(model, (1L << (branches - 1)) * downscale);
            var gain = gainAt(sizes);
            if (gain.Saved > saved + WorthwhileGain * gain.All)
                (best, saved) = (sizes, gain.Saved);
            if (!gain.SizesMatter)
                break;
        }

        return best!;
    }

    /// <summary>True when height and width of the value can be halved n-1 times.</summary>
    public static bool IsDivisible(InputSizes sizes, Value value, int branches)
    {
        var shape = sizes.Shapes.ShapeOf(value)!;
        return shape[2].TryDivide(1L << (branches - 1), out _) && shape[3].TryDivide(1L << (branches - 1), out _);
    }
}

/// <summary>What a conversion would save at one multiple.</summary>
/// <param name="Saved">Work of the convs that get cheaper, weighed by how much.</param>
/// <param name="All">Work of all convs.</param>
/// <param name="SizesMatter">True when a value stays full because its size doesn't divide.</param>
internal readonly record struct SizeGain(double Saved, double All, bool SizesMatter);
