namespace MsSrConvert.Calibration.Solving;

/// <summary>Chooses how stiff a ridge is by rows that the equations don't contain.</summary>
internal static class RidgeChoice
{
    private const double Step = 100;
    private const double Largest = 1e4;

    /// <summary>Makes the ridge a hundred times as stiff as long as that lessens the error.</summary>
    /// <param name="first">The ridge to begin with, as a share of the mean squared column.</param>
    /// <param name="solve">Solves with a ridge.</param>
    /// <param name="error">The error of a solution on other rows.</param>
    /// <returns>The best solution.</returns>
    /// <remarks>
    /// Layers answer what those before them got wrong. With too few rows for that they answer it by kernels that are far too
    /// large, and on every other image the error grows from layer to layer. The stiffest ridge leaves next to nothing of a
    /// kernel: worse than what it is given a layer doesn't become.
    /// </remarks>
    public static T Best<T>(double first, Func<double, T> solve, Func<T, double> error)
    {
        var best = solve(first);
        var least = error(best);
        for (var ridge = first * Step; ridge <= Largest; ridge *= Step)
        {
            var next = solve(ridge);
            var found = error(next);
            // Without a finite error so far there is nothing to lose.
            if (double.IsFinite(least) && !(found < least))
                break;
            (best, least) = (next, found);
        }

        return best;
    }
}
