using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Analysis;

/// <summary>
/// Finds the multiple that height and width of the inputs must have so that every scale of every branched value is whole:
/// 2^(n-1) times the network's deepest downscale. Found by inferring shapes for candidate multiples and looking which values
/// come out divisible, so no operator needs to be known here.
/// </summary>
internal static class SizeSolver
{
    // Deepest downscales seen in restoration networks, smallest first: powers of two, and those with one factor of 3 or 5.
    private static readonly long[] Downscales = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64];

    /// <summary>The smallest multiple under which as many of the candidates are divisible as under any.</summary>
    public static InputSizes Solve(Model model, int branches, Func<InputSizes, IEnumerable<Value>> candidates)
    {
        var unit = 1L << (branches - 1);
        InputSizes? best = null;
        var bestCount = -1;
        foreach (var downscale in Downscales)
        {
            var sizes = InputSizes.Infer(model, unit * downscale);
            var all = candidates(sizes).ToArray();
            var count = all.Count(v => IsDivisible(sizes, v, branches));
            if (count > bestCount)
                (best, bestCount) = (sizes, count);
            if (count == all.Length)
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
