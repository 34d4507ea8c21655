using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class NormalEquationsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_of_branches_that_share_unknowns_add_up(bool weighed)
    {
        using var products = new PlaneProducts();
        // Two branches: unknown 1 is the shared one.
        (LayerRows Rows, Planar Wanted)[] branches =
        [
            (new LayerRows(Random(1, 2, 40), [0, 1], 0.5), Random(2, 3, 40)),
            (new LayerRows(Random(3, 2, 24), [2, 1], 2), Random(4, 3, 24)),
        ];
        float[]? Weights(Planar of) => weighed ? RandomInput.Of(6, 0, 1, of.Pixels).Data : null;
        var equations = new NormalEquations(3, 3, products);

        foreach (var (rows, wanted) in branches)
        {
            equations.AddGram(rows, Weights(wanted));
            equations.AddMoments(rows, wanted, Weights(wanted));
        }

        var (gram, moments) = (new double[9], new double[9]);
        foreach (var (rows, wanted) in branches)
        {
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 2; j++)
                    gram[rows.Unknowns[i] * 3 + rows.Unknowns[j]] += Sum(rows, i, rows.Columns, j, Weights(wanted));
                for (var t = 0; t < 3; t++)
                    moments[rows.Unknowns[i] * 3 + t] += Sum(rows, i, wanted, t, Weights(wanted));
            }
        }

        Assert.All(gram.Zip(equations.Gram), p => Assert.Equal(p.First, p.Second, 1e-4));
        Assert.All(moments.Zip(equations.Moments), p => Assert.Equal(p.First, p.Second, 1e-4));
    }

    [Fact]
    public void A_ridge_solution_solves_the_equations_and_knows_their_condition()
    {
        using var products = new PlaneProducts();
        var equations = Equations(products, 3, 2);

        var solver = new RidgeSolver(equations, 0);
        var weights = solver.Solve(equations);

        for (var row = 0; row < 3; row++)
        {
            for (var t = 0; t < 2; t++)
            {
                Assert.Equal(equations.Moments[row * 2 + t],
                    Enumerable.Range(0, 3).Sum(k => equations.Gram[row * 3 + k] * weights[k * 2 + t]), 1e-6);
            }
        }

        Assert.InRange(solver.Condition(equations), 1, 10);
    }

    [Fact]
    public void In_whitened_coordinates_the_columns_are_uncorrelated_in_any_order()
    {
        using var products = new PlaneProducts();
        const int N = 150;
        var equations = Equations(products, N, 1);
        int[] order = [.. Enumerable.Range(0, N).Select(i => i * 7 % N)];
        var columns = new WhitenedColumns(equations, 1e-3, order, products);

        // Back and forth again through the equations themselves is the identity.
        var mean = Enumerable.Range(0, N).Average(i => equations.Gram[i * N + i]);
        var step = RandomInput.Of(3, -1, 1, N * 2).Data;
        var back = columns.Back(step);
        var through = new float[N * 2];
        for (var i = 0; i < N; i++)
        {
            for (var t = 0; t < 2; t++)
            {
                through[i * 2 + t] = (float)(
                    Enumerable.Range(0, N).Sum(k => equations.Gram[i * N + k] * back[k * 2 + t]) + 1e-3 * mean * back[i * 2 + t]);
            }
        }

        Assert.All(columns.Forth(through).Zip(step), p => Assert.Equal(p.Second, p.First, 1e-2f));
    }

    private static NormalEquations Equations(PlaneProducts products, int unknowns, int targets)
    {
        var equations = new NormalEquations(unknowns, targets, products);
        var rows = new LayerRows(Random(1, unknowns, 400), [.. Enumerable.Range(0, unknowns)], 1);
        equations.AddGram(rows, null);
        equations.AddMoments(rows, Random(2, targets, 400), null);
        return equations;
    }

    private static Planar Random(ulong seed, int count, int pixels) =>
        new(RandomInput.Of(seed, -1, 1, count, pixels).Data, count, 1, pixels);

    private static double Sum(LayerRows rows, int i, Planar b, int j, float[]? weights)
    {
        var sum = 0.0;
        for (var p = 0; p < b.Pixels; p++)
            sum += rows.Weight * rows.Columns[i][p] * b[j][p] * (weights?[p] ?? 1);
        return sum;
    }
}
