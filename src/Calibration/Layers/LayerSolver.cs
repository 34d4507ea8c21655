using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Layers;

/// <summary>How well a layer could be solved.</summary>
/// <param name="Errors">Relative error per branch on the patches held back: the root of squared error over squared value.</param>
/// <param name="Condition">The equations' condition number.</param>
/// <param name="Problem">The layer's unknowns.</param>
/// <param name="Columns">Its columns' correlations, one per group, where sweeps will need them.</param>
internal readonly record struct SolvedLayer(double[] Errors, double Condition, LayerProblem Problem,
    IReadOnlyList<WhitenedColumns> Columns);

/// <summary>
/// Solves one layer: the regression with the ridge that serves the patches held back best, then again with what the outputs
/// should have been in front of an activation, as long as the patches held back say that it helps.
/// </summary>
internal sealed class LayerSolver(Graph student, FeatureEvaluator features, CalibrationOptions options, PlaneProducts products)
{
    /// <summary>Solves a layer and writes its kernels.</summary>
    /// <param name="branches">
    /// The sums behind its branches; null for one that is right already. What they read is at hand.
    /// </param>
    /// <param name="target">What to solve for.</param>
    public SolvedLayer Solve(IReadOnlyList<BranchSum?> branches, ILayerTarget target)
    {
        var problem = new LayerProblem(branches, features);
        var targets = Sample(branches, target, problem);
        var errors = new (double Power, double Error)[branches.Count];
        var columns = new List<WhitenedColumns>();
        var distances = problem.Distances();
        int[] order = [.. Enumerable.Range(0, problem.Unknowns).OrderBy(u => distances[u])];
        var condition = 0.0;
        for (var g = 0; g < problem.Groups; g++)
        {
            var group = new Group(problem, g, targets, features.Patches - HeldBack, products);
            var (weights, found, solver) = Solve(group, target.HasActivation);
            problem.Write(student, g, weights);
            condition = Math.Max(condition, solver.Condition(group.Equations));
            if (options.Sweeps > 0)
                columns.Add(new WhitenedColumns(group.Equations, options.SweepRidge, order, products));
            for (var b = 0; b < errors.Length; b++)
                errors[b] = (errors[b].Power + found[b].Power, errors[b].Error + found[b].Error);
        }

        return new SolvedLayer([.. errors.Select(e => e.Power > 0 ? Math.Sqrt(e.Error / e.Power) : 0)], condition, problem,
            columns);
    }

    private (double[] Weights, (double Power, double Error)[] Errors, RidgeSolver Solver) Solve(Group group, bool again)
    {
        group.AddMoments(null);
        var (weights, errors, solver) = RidgeChoice.Best(options.Ridge, At, solution => Total(solution.Errors));
        for (var step = 0; again && step < options.AimSteps; step++)
        {
            group.AddMoments(weights);
            var next = solver.Solve(group.Equations);
            var found = group.Errors(next);
            if (Total(found) >= Total(errors))
                break;
            (weights, errors) = (next, found);
        }

        return (weights, errors, solver);

        (double[] Weights, (double Power, double Error)[] Errors, RidgeSolver Solver) At(double ridge)
        {
            var solver = new RidgeSolver(group.Equations, ridge);
            var weights = solver.Solve(group.Equations);
            return (weights, group.Errors(weights), solver);
        }
    }

    private double Total((double Power, double Error)[] errors) =>
        errors.Select((e, b) => e.Error * Math.Pow(options.CoarserWeight, b)).Sum();

    // Every eighth patch checks what the others say; of few, all do both.
    private int HeldBack => features.Patches / 8;

    // Every branch gets as many rows as the others, and counts by its area.
    private List<SampledPlace> Sample(IReadOnlyList<BranchSum?> branches, ILayerTarget target, LayerProblem problem)
    {
        var solved = branches.Count(b => b is not null);
        var perPlace = (int)Math.Max(1, options.RowsFor(problem.Unknowns) / solved / features.Patches);
        var places = new List<SampledPlace>();
        for (var b = 0; b < branches.Count; b++)
        {
            for (var p = 0; branches[b] is not null && p < features.Patches; p++)
            {
                var sampled = target.Rows(new Place(b, p), perPlace);
                var area = (double)sampled.Pixels.Height * sampled.Pixels.Width / sampled.Pixels.Count;
                places.Add(new SampledPlace(new Place(b, p), sampled, area * Math.Pow(options.CoarserWeight, b)));
            }
        }

        return places;
    }

    /// <summary>Pixels of a branch of a patch, with what is wanted there and what each counts.</summary>
    private sealed record SampledPlace(Place Place, TargetRows Target, double Weight);

    /// <summary>The equations of one group of a layer.</summary>
    private sealed class Group
    {
        private readonly LayerProblem _problem;
        private readonly PlaneProducts _products;
        private readonly List<(LayerRows Rows, TargetRows Target, Place Place)> _train = [];
        private readonly List<(LayerRows Rows, TargetRows Target, Place Place)> _held = [];
        private readonly int _branches;

        public Group(LayerProblem problem, int group, IReadOnlyList<SampledPlace> places, int trained, PlaneProducts products)
        {
            (_problem, _products, _branches) = (problem, products, places.Max(p => p.Place.Branch) + 1);
            Equations = new NormalEquations(problem.Unknowns, problem.Targets, products);
            foreach (var (place, target, weight) in places)
            {
                var rows = problem.Rows(place, group, target.Pixels, weight);
                (place.Patch < trained ? _train : _held).Add((rows, target.Run(group * problem.Targets, problem.Targets), place));
                if (place.Patch < trained)
                    Equations.AddGram(rows, target.Weights);
            }

            if (_held.Count == 0)
                _held = _train;
        }

        public NormalEquations Equations { get; }

        /// <summary>Sums up the targets, given the layer as it is or null.</summary>
        public void AddMoments(double[]? weights)
        {
            Equations.ClearMoments();
            foreach (var (rows, target, _) in _train)
            {
                Equations.AddMoments(rows, target.Aim(weights is null ? null : _problem.Predict(rows, weights, _products)),
                    target.Weights);
            }
        }

        /// <summary>Per branch, sums of squares of what is wanted and of what is missed on the patches held back.</summary>
        public (double Power, double Error)[] Errors(double[] weights)
        {
            var errors = new (double Power, double Error)[_branches];
            foreach (var (rows, target, place) in _held)
            {
                var (power, error) = target.Compare(_problem.Predict(rows, weights, _products));
                ref var sum = ref errors[place.Branch];
                sum = (sum.Power + rows.Weight * power, sum.Error + rows.Weight * error);
            }

            return errors;
        }
    }
}
