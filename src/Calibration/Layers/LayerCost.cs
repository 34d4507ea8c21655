using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Layers;

/// <summary>What solving a layer takes.</summary>
/// <param name="EquationBytes">Bytes of its normal equations, all groups.</param>
/// <param name="RowBytes">Bytes of its rows.</param>
/// <param name="Work">Multiply-adds that its equations and their solution take.</param>
internal sealed record LayerCost(double EquationBytes, double RowBytes, double Work)
{
    /// <summary>The cost of a converted layer, or null where it isn't solved.</summary>
    /// <param name="pair">Both networks.</param>
    /// <param name="conv">The conv in the source.</param>
    /// <param name="options">How it is solved.</param>
    public static LayerCost? Of(PairFeatures pair, Node conv, CalibrationOptions options)
    {
        if (LayerTerms.Of(pair, conv) is not { } sums)
            return null;
        var groups = (double)conv.GetInt("group", 1);
        var targets = sums[0].Terms[0].Kernel.Outputs / groups;
        var unknowns = 1 + (double)sums.SelectMany(s => s.Terms).DistinctBy(t => t.Kernel).Sum(t => t.Columns);
        var rows = options.RowsFor(unknowns);
        return new LayerCost(groups * unknowns * (unknowns + targets) * sizeof(double),
            rows * (unknowns + 2 * targets) * sizeof(float),
            groups * (rows * unknowns * (unknowns + targets) + unknowns * unknowns * unknowns));
    }
}
