using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Sweeps;

/// <summary>
/// How the network's output changes with one layer's kernels: the normal equations of what the layer reads, and the mean product of what
/// its outputs do to the network's (the two factors of Martens and Grosse's K-FAC).
/// </summary>
internal sealed class LayerCurvature(LayerProblem problem, IReadOnlyList<RidgeSolver> inputs, int inputPatches, PlaneProducts products)
{
    private readonly NormalEquations[] _moments =
        [.. Enumerable.Range(0, problem.Groups).Select(_ => new NormalEquations(problem.Unknowns, problem.Targets, products, momentsOnly: true))];

    private readonly Matrix<double>[] _outputs = [.. Enumerable.Range(0, problem.Groups).Select(_ => (Matrix<double>)new DenseMatrix(problem.Targets))];
    private Cholesky<double>[] _outputFactors = [];
    private double _outputRows;

    /// <summary>The layer.</summary>
    public LayerProblem Problem => problem;

    /// <summary>Steps for the kernels, one per group: unknowns × targets.</summary>
    public double[][] Step { get; private set; } = [];

    /// <summary>Adds what random errors at the network's output are at the layer's.</summary>
    public void AddOutputs(GradientRun run)
    {
        foreach (var sum in problem.Branches)
        {
            if (run.Gradient(sum.Output) is not { } gradient)
                continue;
            var planes = Planar.Of(gradient);
            _outputRows += planes.Pixels;
            for (var g = 0; g < problem.Groups; g++)
            {
                var own = planes.Run(g * problem.Targets, problem.Targets);
                _outputs[g] += new DenseMatrix(problem.Targets, problem.Targets, Array.ConvertAll(products.Of(own, own), v => (double)v));
            }
        }
    }

    /// <summary>Factorises what <see cref="AddOutputs"/> gathered.</summary>
    public void Factorise(double damping) => _outputFactors = Array.ConvertAll(_outputs, matrix =>
    {
        var mean = matrix / Math.Max(1, _outputRows);
        var level = damping * mean.Diagonal().Average() + 1e-20;
        for (var i = 0; i < problem.Targets; i++)
            mean[i, i] += level;
        return mean.Cholesky();
    });

    /// <summary>Forgets the last batch.</summary>
    public void Clear()
    {
        foreach (var moments in _moments)
            moments.ClearMoments();
    }

    /// <summary>Adds a patch's gradient.</summary>
    public void Add(GradientRun run)
    {
        foreach (var sum in problem.Branches)
        {
            if (run.Gradient(sum.Output) is not { } gradient)
                continue;
            for (var g = 0; g < problem.Groups; g++)
                problem.AddMoments(_moments[g], g, sum, run.Read, Planar.Of(gradient));
        }
    }

    /// <summary>Makes the step that would be best if the layers didn't depend on each other, and gives the slope of the error along it.</summary>
    /// <param name="patches">How many patches were added.</param>
    /// <param name="momentum">How much of the last step is kept.</param>
    public double MakeStep(int patches, double momentum)
    {
        var slope = 0.0;
        var steps = new double[problem.Groups][];
        for (var g = 0; g < problem.Groups; g++)
        {
            var solved = inputs[g].Solve(_moments[g]);
            var byTarget = new DenseMatrix(problem.Targets, problem.Unknowns, solved);
            var step = ((DenseMatrix)_outputFactors[g].Solve(byTarget)).Values;
            for (var i = 0; i < step.Length; i++)
            {
                step[i] *= -(double)inputPatches / patches;
                if (Step.Length > 0)
                    step[i] += momentum * Step[g][i];
                slope += step[i] * _moments[g].Moments[i];
            }

            steps[g] = step;
        }

        Step = steps;
        return slope;
    }

    /// <summary>Goes a share of the step.</summary>
    public void Apply(Graph graph, double share)
    {
        for (var g = 0; g < problem.Groups; g++)
            problem.Write(graph, g, Step[g], share);
    }
}
