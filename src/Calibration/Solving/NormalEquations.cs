using MsSrConvert.Calibration.Features;

namespace MsSrConvert.Calibration.Solving;

/// <summary>One block of columns of a branch's rows: the unfolded input of a conv, or the ones of a bias.</summary>
/// <param name="Column">The block's first unknown, or -1 for the targets.</param>
/// <param name="Planes">One plane per unknown, at whatever size the conv works.</param>
internal sealed record ColumnBlock(int Column, Planar Planes);

/// <summary>
/// The normal equations A·w = B of a layer, summed over branches and patches. A shared kernel's columns stand once, whichever branch's
/// rows they come from.
/// </summary>
/// <remarks>
/// A block from a coarser branch is constant over the pixels it was repeated to, so its products need no more than its own size:
/// (U a)ᵀ(b) = 4 aᵀ(D b), with D the 2×2 mean and U its repetition.
/// </remarks>
internal sealed class NormalEquations(int unknowns, int targets, PlaneProducts products, bool momentsOnly = false)
{
    /// <summary>Sums of products of columns, row by row.</summary>
    public double[] Gram { get; } = momentsOnly ? [] : new double[(long)unknowns * unknowns];

    /// <summary>Sums of products of columns with targets, row by row.</summary>
    public double[] Moments { get; } = new double[(long)unknowns * targets];

    /// <summary>The number of unknowns of each target.</summary>
    public int Unknowns => unknowns;

    /// <summary>The number of targets.</summary>
    public int Targets => targets;

    /// <summary>Pixels seen, those of coarser branches as often as they weigh.</summary>
    public double Rows { get; private set; }

    /// <summary>Forgets the targets' sums, to see the same patches with other targets.</summary>
    public void ClearMoments() => Array.Clear(Moments);

    /// <summary>Adds one patch's rows of one branch.</summary>
    /// <param name="blocks">The columns' blocks.</param>
    /// <param name="target">The targets' planes.</param>
    /// <param name="weight">How much the rows count.</param>
    /// <param name="rowWeights">A weight per target pixel, or null.</param>
    /// <param name="momentsOnly">True when the columns have been seen before.</param>
    public void Add(IReadOnlyList<ColumnBlock> blocks, Planar target, double weight, float[]? rowWeights, bool momentsOnly)
    {
        var all = blocks.Append(new ColumnBlock(-1, target)).ToList();
        if (rowWeights is not null)
        {
            var roots = Array.ConvertAll(rowWeights, MathF.Sqrt);
            all = [.. all.Select(b => b with { Planes = b.Planes.PooledTo(target.Height).RepeatedTo(target.Height).Times(roots) })];
        }

        if (!momentsOnly)
            Rows += weight * target.Pixels;
        foreach (var size in all.Select(b => Math.Min(b.Planes.Height, target.Height)).Distinct())
        {
            var scale = weight * Math.Pow((double)target.Height / size, 2);
            // Blocks that aren't finer than this size meet everything that is at least as fine.
            var here = all.Where(b => Math.Min(b.Planes.Height, target.Height) == size).ToArray();
            var finer = all.Where(b => Math.Min(b.Planes.Height, target.Height) > size).ToArray();
            AddProducts(Pooled(here, size), Pooled(finer, size), scale, momentsOnly);
        }
    }

    private static ColumnBlock[] Pooled(ColumnBlock[] blocks, int height) =>
        Array.ConvertAll(blocks, b => b with { Planes = b.Planes.PooledTo(height) });

    private void AddProducts(ColumnBlock[] here, ColumnBlock[] finer, double scale, bool momentsOnly)
    {
        ColumnBlock[] left = here, right = [.. here, .. finer];
        if (momentsOnly)
        {
            // Only products of a column with a target matter: the target stands on one of the sides.
            var targetHere = here.Any(b => b.Column < 0);
            right = targetHere ? [.. here.Where(b => b.Column < 0)] : [.. finer.Where(b => b.Column < 0)];
            left = targetHere ? [.. here.Where(b => b.Column >= 0), .. finer.Where(b => b.Column >= 0)] : here;
            if (left.Length == 0 || right.Length == 0)
                return;
        }

        var rows = Planar.Stack([.. left.Select(b => b.Planes)]);
        var columns = left.SequenceEqual(right) ? rows : Planar.Stack([.. right.Select(b => b.Planes)]);
        var sums = products.Of(rows, columns);
        var r = 0;
        foreach (var a in left)
        {
            var c = 0;
            foreach (var b in right)
            {
                Scatter(a, b, sums, r, c, columns.Count, scale, mirror: !momentsOnly && !here.Contains(b));
                c += b.Planes.Count;
            }

            r += a.Planes.Count;
        }
    }

    private void Scatter(ColumnBlock a, ColumnBlock b, float[] sums, int row, int column, int stride, double scale, bool mirror)
    {
        for (var i = 0; i < a.Planes.Count; i++)
        {
            for (var j = 0; j < b.Planes.Count; j++)
            {
                var sum = scale * sums[(long)(row + i) * stride + column + j];
                if (a.Column >= 0 && b.Column >= 0)
                {
                    Gram[(long)(a.Column + i) * unknowns + b.Column + j] += sum;
                    if (mirror)
                        Gram[(long)(b.Column + j) * unknowns + a.Column + i] += sum;
                }
                else if (a.Column >= 0)
                {
                    Moments[(long)(a.Column + i) * targets + j] += sum;
                }
                else if (b.Column >= 0 && mirror)
                {
                    Moments[(long)(b.Column + j) * targets + i] += sum;
                }
            }
        }
    }
}
