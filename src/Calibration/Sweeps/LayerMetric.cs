using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;
using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Layers;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Sweeps;

/// <summary>
/// How the network's output changes with one layer's kernels, as a product of two factors (Martens and Grosse's K-FAC). What is
/// alike over wide areas adds up at the output, which the correlations of single pixels don't tell; so the input's factor is
/// measured on top of them, as far as a few probes see (as in Gupta and others' Shampoo).
/// </summary>
internal sealed class LayerMetric(LayerProblem problem, IReadOnlyList<WhitenedColumns> columns, PlaneProducts products)
{
    private readonly List<float[]>[] _probes = [.. Enumerable.Range(0, problem.Groups).Select(_ => new List<float[]>())];
    private readonly float[][] _gradients =
        [.. Enumerable.Range(0, problem.Groups).Select(_ => new float[problem.Unknowns * problem.Targets])];
    private readonly float[][] _before =
        [.. Enumerable.Range(0, problem.Groups).Select(_ => new float[problem.Unknowns * problem.Targets])];
    private readonly float[][] _directions = new float[problem.Groups][];
    private readonly Cholesky<double>[] _outputs = new Cholesky<double>[problem.Groups];
    private readonly MeasuredFactor[] _inputs = new MeasuredFactor[problem.Groups];

    /// <summary>The layer.</summary>
    public LayerProblem Problem => problem;

    /// <summary>Steps for the kernels, one per group: unknowns × targets.</summary>
    public float[][] Step { get; } =
        [.. Enumerable.Range(0, problem.Groups).Select(_ => new float[problem.Unknowns * problem.Targets])];

    /// <summary>Adds what errors of no structure at the network's output are at the layer's kernels.</summary>
    public void AddProbe(GradientRun run)
    {
        for (var g = 0; g < problem.Groups; g++)
            _probes[g].Add(columns[g].Forth(problem.Gather(g, run.Gradient)));
    }

    /// <summary>Measures both factors from the probes.</summary>
    public void Measure(double damping)
    {
        for (var g = 0; g < problem.Groups; g++)
        {
            var probes = _probes[g].ConvertAll(ByTarget);
            var outputs = probes.Aggregate((Matrix<double>)new DenseMatrix(problem.Targets),
                (sum, y) => sum + y.TransposeAndMultiply(y));
            outputs /= (double)problem.Unknowns * probes.Count;
            var level = damping * outputs.Diagonal().Average() + 1e-30;
            for (var i = 0; i < problem.Targets; i++)
                outputs[i, i] += level;
            _outputs[g] = outputs.Cholesky();
            var root = _outputs[g].Factor;
            _inputs[g] = new MeasuredFactor([.. probes.Select(y => ByPlane(root.Solve(y)))], damping, products);
            _probes[g].Clear();
        }
    }

    /// <summary>Forgets the last batch.</summary>
    public void Clear() => Array.ForEach(_gradients, Array.Clear);

    /// <summary>Adds a patch's gradient.</summary>
    public void Add(GradientRun run)
    {
        for (var g = 0; g < problem.Groups; g++)
        {
            var own = problem.Gather(g, run.Gradient);
            for (var i = 0; i < own.Length; i++)
                _gradients[g][i] += own[i];
        }
    }

    /// <summary>Brings the batch's gradient into the direction of the steepest descent by this metric.</summary>
    /// <returns>The products of the new direction with the new gradient, and with the one before it.</returns>
    public (double New, double Old) Turn()
    {
        var (withNew, withOld) = (0.0, 0.0);
        for (var g = 0; g < problem.Groups; g++)
        {
            var solved = _inputs[g].Solve(ByPlane(_outputs[g].Solve(ByTarget(columns[g].Forth(_gradients[g])))));
            var byUnknown = new float[problem.Unknowns * problem.Targets];
            for (var t = 0; t < problem.Targets; t++)
            {
                for (var u = 0; u < problem.Unknowns; u++)
                    byUnknown[u * problem.Targets + t] = solved[t][u];
            }

            _directions[g] = columns[g].Back(byUnknown);
            for (var i = 0; i < byUnknown.Length; i++)
            {
                withNew += (double)_directions[g][i] * _gradients[g][i];
                withOld += (double)_directions[g][i] * _before[g][i];
            }
        }

        return (withNew, withOld);
    }

    /// <summary>Makes the next step: down the new direction, and on along the last step.</summary>
    /// <param name="kept">How much of the last step is kept.</param>
    /// <returns>The slope of the error along the step.</returns>
    public double MakeStep(double kept)
    {
        var slope = 0.0;
        for (var g = 0; g < problem.Groups; g++)
        {
            for (var i = 0; i < Step[g].Length; i++)
            {
                Step[g][i] = (float)(kept * Step[g][i]) - _directions[g][i];
                slope += (double)Step[g][i] * _gradients[g][i];
            }

            _gradients[g].CopyTo(_before[g], 0);
        }

        return slope;
    }

    /// <summary>Goes a share of the step.</summary>
    public void Apply(Graph graph, double share)
    {
        for (var g = 0; g < problem.Groups; g++)
            problem.Write(graph, g, Array.ConvertAll(Step[g], v => (double)v), share);
    }

    // Unknowns × targets row by row is targets × unknowns column by column.
    private DenseMatrix ByTarget(float[] values) =>
        new(problem.Targets, problem.Unknowns, Array.ConvertAll(values, v => (double)v));

    private Planar ByPlane(Matrix<double> byTarget) =>
        new(Array.ConvertAll(byTarget.ToRowMajorArray(), v => (float)v), problem.Targets, 1, problem.Unknowns);
}

/// <summary>A symmetric matrix known from few samples: their mean square, and an equal level in all directions.</summary>
internal sealed class MeasuredFactor
{
    private readonly Planar _samples;
    private readonly Cholesky<double> _inner;
    private readonly double _level;
    private readonly PlaneProducts _products;

    /// <summary>Takes samples.</summary>
    /// <param name="samples">Vectors as planes.</param>
    /// <param name="share">The level, as a share of the mean.</param>
    /// <param name="products">Multiplies.</param>
    public MeasuredFactor(IReadOnlyList<Planar> samples, double share, PlaneProducts products)
    {
        (_samples, _products) = (Planar.Stack(samples), products);
        var count = _samples.Count;
        var root = 1 / MathF.Sqrt(count);
        foreach (ref var value in _samples.Data.AsSpan())
            value *= root;
        var sums = products.Of(_samples, _samples);
        var inner = new DenseMatrix(count, count, Array.ConvertAll(sums, v => (double)v));
        _level = share * inner.Diagonal().Sum() / _samples.Pixels + 1e-30;
        for (var i = 0; i < count; i++)
            inner[i, i] += _level;
        _inner = inner.Cholesky();
    }

    /// <summary>Solves for every plane, by the identity of Woodbury: the samples are far fewer than the unknowns.</summary>
    public Planar Solve(Planar planes)
    {
        var along = new DenseMatrix(_samples.Count, planes.Count,
            Array.ConvertAll(_products.Of(planes, _samples), v => (double)v));
        var mixture = Array.ConvertAll(((DenseMatrix)_inner.Solve(along)).Values, v => (float)v);
        var result = PlanarMath.Combine(planes, 1, _products.Mix(mixture, _samples), -1);
        foreach (ref var value in result.Data.AsSpan())
            value = (float)(value / _level);
        return result;
    }
}
