using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MsSrConvert.Calibration.Solving;

/// <summary>Solves normal equations with a ridge: (A + λI)(w − w₀) = B − A·w₀.</summary>
internal sealed class RidgeSolver
{
    private const int PowerSteps = 12;

    private readonly Cholesky<double> _factors;
    private readonly double _ridge;
    private readonly int _unknowns;

    /// <summary>Factorises A + λI, with λ a share of A's mean diagonal element.</summary>
    /// <exception cref="ArgumentException">The matrix isn't positive definite.</exception>
    public RidgeSolver(NormalEquations equations, double ridge)
    {
        _unknowns = equations.Unknowns;
        var matrix = new DenseMatrix(_unknowns, _unknowns, (double[])equations.Gram.Clone());
        var mean = 0.0;
        for (var i = 0; i < _unknowns; i++)
            mean += matrix[i, i] / _unknowns;
        _ridge = ridge * mean + double.Epsilon;
        for (var i = 0; i < _unknowns; i++)
            matrix[i, i] += _ridge;
        _factors = matrix.Cholesky();
    }

    /// <summary>Solves for the moments' targets.</summary>
    public double[] Solve(NormalEquations equations)
    {
        // MathNet keeps columns together; the moments stand row by row.
        var right = new DenseMatrix(equations.Targets, _unknowns, equations.Moments).Transpose();
        return _factors.Solve(right).Transpose().ToColumnMajorArray();
    }

    /// <summary>Estimates the condition number by power iteration on the matrix and its inverse.</summary>
    /// <param name="equations">Those that were factorised.</param>
    public double Condition(NormalEquations equations)
    {
        // The wrapped matrix isn't copied; the ridge is added to what it makes of a vector.
        var gram = new DenseMatrix(_unknowns, _unknowns, equations.Gram);
        return Grow(v => gram * v + _ridge * v) * Grow(_factors.Solve);
    }

    // How much a map makes of the vector that it makes most of.
    private double Grow(Func<Vector<double>, Vector<double>> map)
    {
        var vector = Vector<double>.Build.Dense(_unknowns, i => 1 + i % 7 * 0.1);
        var growth = vector.L2Norm();
        for (var step = 0; step < PowerSteps; step++)
        {
            vector = map(vector / growth);
            growth = vector.L2Norm();
        }

        return growth;
    }
}
