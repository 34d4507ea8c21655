using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Layers;

/// <summary>What solving a layer takes.</summary>
/// <param name="EquationBytes">Bytes of its normal equations, all groups.</param>
/// <param name="RowBytes">Bytes of one patch's rows, of the branch that has most.</param>
/// <param name="Work">Multiply-adds that one patch adds to the equations.</param>
internal sealed record LayerCost(double EquationBytes, double RowBytes, double Work)
{
    /// <summary>The cost of a converted layer, or null where it isn't solved.</summary>
    /// <param name="twin">Both networks.</param>
    /// <param name="shapes">The shapes of all values for a patch.</param>
    /// <param name="conv">The conv in the source.</param>
    public static LayerCost? Of(TwinFeatures twin, TwinShapes shapes, Node conv)
    {
        if (LayerTerms.Of(twin, conv) is not { } sums)
            return null;
        var groups = (double)conv.GetInt("group", 1);
        var targets = sums[0].Terms[0].Kernel.Outputs / groups;
        var unknowns = 1 + (double)sums.SelectMany(s => s.Terms).DistinctBy(t => t.Kernel).Sum(t => t.Columns);
        var rows = sums.Select(sum => (
            Elements: sum.Terms.Sum(t => t.Columns * shapes.Pixels(t.Conv.Output)) + targets * shapes.Pixels(sum.Output),
            Work: sum.Terms.Sum(t => (double)t.Columns) is var columns ? columns * (columns + targets) * shapes.Pixels(sum.Output) : 0)).ToArray();
        return new LayerCost(
            groups * unknowns * (unknowns + targets) * sizeof(double), rows.Max(r => r.Elements) * sizeof(float), groups * rows.Sum(r => r.Work));
    }
}
