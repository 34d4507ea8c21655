using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// The multiply-adds that a conv will take, to weigh multiples against each other; a nominal size where the input's is open.
/// </summary>
internal static class ConvWork
{
    // Divisible by every multiple the size solver tries, so that rounding up changes nothing.
    private const long NominalSize = 15L << 13;

    // How large images usually are: what padding them costs is told against this side.
    private const double UsualSide = 512;

    /// <summary>Multiply-adds, padding counted; 0 where the output's size isn't known.</summary>
    /// <param name="conv">The conv.</param>
    /// <param name="sizes">The multiple, and the sizes it makes.</param>
    /// <param name="role">What becomes of the conv; a kept one works on the source's pixels, the others on enlarged maps.</param>
    /// <param name="options">How many branches, and which cross kernels.</param>
    public static double Of(Node conv, InputSizes sizes, ConvRole role, ConversionOptions options)
    {
        if (conv.Input(1)?.Initializer is not { } weight)
            return 0;
        var counted = conv.Is("ConvTranspose") ? conv.Input(0)! : conv.Output;
        var shape = (role == ConvRole.Kept ? sizes.Source : sizes.Shapes).ShapeOf(counted);
        var symbols =
            sizes.Images.SelectMany(i => InputSizes.Named(i.Value)).SelectMany(d => d.Terms).Select(t => t.Symbol).Distinct()
            .ToDictionary(symbol => symbol, _ => NominalSize);
        var elements = shape?.ElementCount.Evaluate(symbols) ?? 0;
        var open = role == ConvRole.Kept || shape is null ? 0 : shape.Skip(2).Count(side => side.IsSymbolic);
        var padding = Math.Pow(1 + (sizes.Multiple - 1) / (2 * UsualSide), open);
        return elements * padding * weight.Dims.Skip(1).Aggregate(1.0, (p, d) => p * d) * Share(role, options);
    }

    // The share of a conv's work that its layer takes: branch i has a quarter of the pixels of the one before it.
    private static double Share(ConvRole role, ConversionOptions options)
    {
        var n = options.Branches;
        double Pixels(int branch) => Math.Pow(0.25, branch);
        var same = Enumerable.Range(0, n).Sum(Pixels);
        var cross = Enumerable.Range(1, n - 1).Sum(j => Pixels(j) * 2 * (options.Interaction == Interaction.Full ? j : 1));
        return role switch
        {
            ConvRole.Interaction => (same + cross) / (n * n),
            ConvRole.Fusion => same / n,
            _ => 1,
        };
    }
}
