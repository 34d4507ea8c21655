using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Analysis;

/// <summary>The multiply-adds of a conv at a nominal size, to weigh convs against each other where the input's size is open.</summary>
internal static class ConvWork
{
    // Divisible by every multiple the size solver tries, so that rounding up changes nothing.
    private const long NominalSize = 15L << 13;

    /// <summary>Multiply-adds with every symbol of the input's size at the same number; 0 where the output's size isn't known.</summary>
    public static double Of(Node conv, InputSizes sizes)
    {
        if (conv.Input(1)?.Initializer is not { } weight)
            return 0;
        var counted = conv.Is("ConvTranspose") ? conv.Input(0)! : conv.Output;
        var symbols = sizes.Images.SelectMany(i => InputSizes.Named(i.Value)).SelectMany(d => d.Terms).Select(t => t.Symbol).Distinct()
            .ToDictionary(symbol => symbol, _ => NominalSize);
        var elements = sizes.Shapes.ShapeOf(counted)?.ElementCount.Evaluate(symbols) ?? 0;
        return (double)elements * weight.Dims.Skip(1).Aggregate(1L, (p, d) => p * d);
    }
}
