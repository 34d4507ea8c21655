using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MsSrConvert.Calibration.Solving;

/// <summary>A solved layer.</summary>
/// <param name="Weights">The unknowns of every target, row by row: unknowns × targets.</param>
/// <param name="Condition">The ratio of the largest to the smallest eigenvalue of the equations, ridge included.</param>
internal sealed record Solution(double[] Weights, double Condition);

/// <summary>Solves normal equations with a ridge: (A + λI)(w − w₀) = B − A·w₀.</summary>
internal sealed class RidgeSolver
{
    private const int PowerSteps = 12;

    private Matrix<double>? _matrix;
    private readonly Cholesky<double> _factors;
    private readonly int _unknowns;

    /// <summary>Factorises A + λI, with λ a share of A's mean diagonal element.</summary>
    /// <exception cref="ArgumentException">The matrix isn't positive definite.</exception>
    public RidgeSolver(NormalEquations equations, double ridge)
    {
        _unknowns = equations.Unknowns;
        _matrix = new DenseMatrix(_unknowns, _unknowns, (double[])equations.Gram.Clone());
        var mean = 0.0;
        for (var i = 0; i < _unknowns; i++)
            mean += _matrix[i, i] / _unknowns;
        for (var i = 0; i < _unknowns; i++)
            _matrix[i, i] += ridge * mean + double.Epsilon;
        _factors = _matrix.Cholesky();
    }

    /// <summary>Solves for the moments' targets.</summary>
    public double[] Solve(NormalEquations equations)
    {
        // MathNet keeps columns together; the moments stand row by row.
        var right = new DenseMatrix(equations.Targets, _unknowns, equations.Moments).Transpose();
        return _factors.Solve(right).Transpose().ToColumnMajorArray();
    }

    /// <summary>Estimates the condition number by power iteration on the matrix and its inverse, and lets the matrix go.</summary>
    public double Condition()
    {
        var matrix = _matrix ?? throw new InvalidOperationException("The matrix has been let go.");
        var (up, down) = (Start(), Start());
        var (largest, smallest) = (0.0, 0.0);
        for (var step = 0; step < PowerSteps; step++)
        {
            up = matrix * up;
            largest = up.L2Norm();
            up /= largest;
            down = _factors.Solve(down);
            smallest = 1 / down.L2Norm();
            down *= smallest;
        }

        _matrix = null;
        return largest / smallest;
    }

    private Vector<double> Start()
    {
        var start = Vector<double>.Build.Dense(_unknowns, i => 1 + i % 7 * 0.1);
        return start / start.L2Norm();
    }
}
