using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Solving;

/// <summary>Columns of a layer's equations at the pixels of one branch of one patch.</summary>
/// <param name="Columns">One plane of one row per column.</param>
/// <param name="Unknowns">Which unknown each column multiplies.</param>
/// <param name="Weight">What each pixel counts.</param>
internal sealed record LayerRows(Planar Columns, int[] Unknowns, double Weight);

/// <summary>
/// The normal equations A·w = B of a layer, summed over branches and patches. A shared kernel's unknowns stand once, whichever
/// branch's rows they come from.
/// </summary>
internal sealed class NormalEquations(int unknowns, int targets, PlaneProducts products)
{
    /// <summary>Sums of products of columns, row by row.</summary>
    public double[] Gram { get; } = new double[(long)unknowns * unknowns];

    /// <summary>Sums of products of columns with targets, row by row.</summary>
    public double[] Moments { get; } = new double[(long)unknowns * targets];

    /// <summary>The number of unknowns of each target.</summary>
    public int Unknowns => unknowns;

    /// <summary>The number of targets.</summary>
    public int Targets => targets;

    /// <summary>Forgets the targets' sums, to see the same rows with other targets.</summary>
    public void ClearMoments() => Array.Clear(Moments);

    /// <summary>Adds the products of columns.</summary>
    /// <param name="rows">The columns.</param>
    /// <param name="pixelWeights">A weight per pixel, or null.</param>
    public void AddGram(LayerRows rows, float[]? pixelWeights)
    {
        var sums = products.Of(Weighed(rows.Columns, pixelWeights), rows.Columns);
        var count = rows.Unknowns.Length;
        Parallel.For(0, count, i =>
        {
            var target = Gram.AsSpan(rows.Unknowns[i] * unknowns, unknowns);
            var source = sums.AsSpan(i * count, count);
            for (var j = 0; j < count; j++)
                target[rows.Unknowns[j]] += rows.Weight * source[j];
        });
    }

    /// <summary>Adds the products of columns with targets.</summary>
    /// <param name="rows">The columns.</param>
    /// <param name="wanted">One plane per target.</param>
    /// <param name="pixelWeights">A weight per pixel, or null.</param>
    public void AddMoments(LayerRows rows, Planar wanted, float[]? pixelWeights)
    {
        var sums = products.Of(rows.Columns, Weighed(wanted, pixelWeights));
        for (var i = 0; i < rows.Unknowns.Length; i++)
        {
            for (var t = 0; t < targets; t++)
                Moments[(long)rows.Unknowns[i] * targets + t] += rows.Weight * sums[i * targets + t];
        }
    }

    private static Planar Weighed(Planar planes, float[]? weights) => weights is null ? planes : planes.Times(weights);
}
