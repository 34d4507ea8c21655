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
    public void Blocks_of_all_sizes_give_the_sums_of_rows_written_out(bool weighed)
    {
        using var products = new PlaneProducts();
        var (fine, same, coarse, coarser) = (Random(1, 2, 16), Random(2, 3, 8), Random(3, 2, 4), Random(4, 1, 2));
        var target = Random(5, 2, 8);
        var weights = weighed ? RandomInput.Of(6, 0, 1, 64).Data : null;
        var equations = new NormalEquations(8, 2, products);

        equations.Add([new(0, fine), new(2, same), new(5, coarse), new(7, coarser)], target, 0.5, weights, momentsOnly: false);

        Planar[] columns = [fine.PooledTo(8), same, coarse.RepeatedTo(8), coarser.RepeatedTo(8)];
        var rows = Planar.Stack(columns);
        for (var a = 0; a < 8; a++)
        {
            for (var b = 0; b < 8; b++)
                Assert.Equal(Sum(rows, a, rows, b, weights), equations.Gram[a * 8 + b], 1e-4);
            for (var t = 0; t < 2; t++)
                Assert.Equal(Sum(rows, a, target, t, weights), equations.Moments[a * 2 + t], 1e-4);
        }
    }

    [Fact]
    public void Moments_can_be_summed_again_without_the_rest()
    {
        using var products = new PlaneProducts();
        ColumnBlock[] blocks = [new(0, Random(1, 2, 16)), new(2, Random(2, 3, 8)), new(5, Random(3, 2, 4))];
        var target = Random(5, 2, 8);
        var whole = new NormalEquations(7, 2, products);
        var moments = new NormalEquations(7, 2, products, momentsOnly: true);

        whole.Add(blocks, target, 1, null, momentsOnly: false);
        moments.Add(blocks, target, 1, null, momentsOnly: true);

        for (var i = 0; i < whole.Moments.Length; i++)
            Assert.Equal(whole.Moments[i], moments.Moments[i], 1e-4);
    }

    [Fact]
    public void A_ridge_solution_solves_the_equations_and_knows_their_condition()
    {
        using var products = new PlaneProducts();
        var (x, y) = (Random(1, 3, 16), Random(2, 2, 16));
        var equations = new NormalEquations(3, 2, products);
        equations.Add([new(0, x)], y, 1, null, momentsOnly: false);

        var solver = new RidgeSolver(equations, 0);
        var weights = solver.Solve(equations);

        for (var row = 0; row < 3; row++)
        {
            for (var t = 0; t < 2; t++)
                Assert.Equal(equations.Moments[row * 2 + t], Enumerable.Range(0, 3).Sum(k => equations.Gram[row * 3 + k] * weights[k * 2 + t]), 1e-6);
        }

        Assert.InRange(solver.Condition(), 1, 10);
    }

    private static Planar Random(ulong seed, int count, int side) => new(RandomInput.Of(seed, -1, 1, count, side, side).Data, count, side, side);

    private static double Sum(Planar a, int i, Planar b, int j, float[]? weights)
    {
        var sum = 0.0;
        for (var p = 0; p < a.Pixels; p++)
            sum += 0.5 * a[i][p] * b[j][p] * (weights?[p] ?? 1);
        return sum;
    }
}
