using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Finds the multiple that branched values' height and width are enlarged to, counted at the inputs, so that every scale is
/// whole: 2^(n-1) times the network's deepest downscale. Found by planning with candidate multiples and counting the work that
/// comes out, the enlarged pixels' included.
/// </summary>
internal static class SizeSolver
{
    // Deepest downscales of restoration networks, smallest first: powers of two, and those with one factor of 3 or 5.
    private static readonly long[] Downscales = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64];

    // A larger multiple must spare at least this share of the source's work.
    private const double WorthwhileGain = 0.05;

    /// <summary>The smallest multiple after which no larger one spares a worthwhile share of the work.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How many branches; whether sizes that are no multiple have to be taken.</param>
    /// <param name="costAt">What a conversion for one multiple would cost.</param>
    public static InputSizes Solve(Model model, ConversionOptions options, Func<InputSizes, SizeCost> costAt)
    {
        var source = AgreedShapes.Infer(model, InputSizes.AnySize(model));
        var images = ImageInputs.Find(model);
        InputSizes? best = null;
        var least = double.PositiveInfinity;
        foreach (var downscale in Downscales)
        {
            var multiple = (1L << (options.Branches - 1)) * downscale;
            // A promise about sizes can't be kept by one that is fixed.
            var rounded = InputSizes.Rounded(model, images, multiple, known: !options.AssumeMultiple);
            var sizes = new InputSizes(images, multiple, source, new EnlargedShapes(source).Infer(model, rounded));
            var cost = costAt(sizes);
            if (best is null || cost.Work < least - WorthwhileGain * cost.Source)
                (best, least) = (sizes, cost.Work);
            if (!cost.SizesMatter)
                break;
        }

        return best!;
    }
}

/// <summary>What a conversion for one multiple would cost.</summary>
/// <param name="Work">Multiply-adds of all convs as they would be converted.</param>
/// <param name="Source">Multiply-adds of the source's convs.</param>
/// <param name="SizesMatter">True when a value is not branched because of its size.</param>
internal readonly record struct SizeCost(double Work, double Source, bool SizesMatter);
