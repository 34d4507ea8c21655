using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Layers;

/// <summary>How well a layer could be solved.</summary>
/// <param name="Errors">Relative error per branch on the patches held back: the root of squared error over squared value.</param>
/// <param name="Condition">The equations' condition number.</param>
/// <param name="Problem">The layer's unknowns.</param>
/// <param name="Solvers">Its factorised equations, one per group.</param>
internal readonly record struct SolvedLayer(double[] Errors, double Condition, LayerProblem Problem, IReadOnlyList<RidgeSolver> Solvers);

/// <summary>
/// Solves one layer: the ridge regression, then again with what the outputs should have been in front of an activation, as long as
/// the patches held back say that it helps.
/// </summary>
internal sealed class LayerSolver(Graph student, FeatureEvaluator features, CalibrationOptions options, PlaneProducts products)
{
    /// <summary>Solves a layer and writes its kernels.</summary>
    /// <param name="branches">The sums behind its branches; null for one that is right already. What they read is at hand.</param>
    /// <param name="target">What to solve for.</param>
    public SolvedLayer Solve(IReadOnlyList<BranchSum?> branches, ILayerTarget target)
    {
        var problem = new LayerProblem(branches, target, features);
        var patches = features.Patches - HeldBack;
        var equations = new NormalEquations[problem.Groups];
        var solvers = new RidgeSolver[problem.Groups];
        var softer = new RidgeSolver[problem.Groups];
        for (var g = 0; g < problem.Groups; g++)
        {
            equations[g] = new NormalEquations(problem.Unknowns, problem.Targets, products);
            problem.Accumulate(equations[g], g, options.CoarserWeight, patches, null);
            solvers[g] = new RidgeSolver(equations[g], options.Ridge);
            problem.Write(student, g, solvers[g].Solve(equations[g]));
            softer[g] = new RidgeSolver(equations[g], options.SweepRidge);
        }

        var outputs = branches.OfType<BranchSum>().Select(b => b.Output).ToArray();
        var present = features.Compute(outputs);
        var errors = Errors(target, branches, present);
        for (var step = 0; target.HasActivation && step < options.AimSteps; step++)
        {
            var before = problem.Kernels();
            for (var g = 0; g < problem.Groups; g++)
            {
                equations[g].ClearMoments();
                problem.Accumulate(equations[g], g, options.CoarserWeight, patches, present);
                problem.Write(student, g, solvers[g].Solve(equations[g]));
            }

            present = features.Compute(outputs);
            var now = Errors(target, branches, present);
            if (now.Total >= errors.Total)
            {
                LayerProblem.Restore(student, before);
                break;
            }

            errors = now;
        }

        return new SolvedLayer(errors.PerBranch, solvers.Max(s => s.Condition()), problem, softer);
    }

    // Every eighth patch checks what the others say.
    private int HeldBack => features.Patches / 8;

    private (double[] PerBranch, double Total) Errors(ILayerTarget target, IReadOnlyList<BranchSum?> branches, IReadOnlyDictionary<Value, Tensor[]> present)
    {
        var errors = new double[branches.Count];
        var total = 0.0;
        for (var b = 0; b < branches.Count; b++)
        {
            if (branches[b] is not { } sum)
                continue;
            var (power, error) = (0.0, 0.0);
            for (var p = features.Patches - Math.Max(1, HeldBack); p < features.Patches; p++)
            {
                var one = target.Compare(new Place(b, p), Planar.Of(present[sum.Output][p]));
                (power, error) = (power + one.Power, error + one.Error);
            }

            errors[b] = power > 0 ? Math.Sqrt(error / power) : 0;
            total += error * Math.Pow(options.CoarserWeight, b);
        }

        return (errors, total);
    }
}
