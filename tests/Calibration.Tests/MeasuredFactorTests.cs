using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Solving;
using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class MeasuredFactorTests
{
    [Fact]
    public void Solving_undoes_the_samples_mean_square_and_the_level()
    {
        const int Unknowns = 20, Samples = 6;
        using var products = new PlaneProducts();
        var samples = RandomInput.Of(1, -1, 1, Samples * Unknowns).Data;
        var factor = new MeasuredFactor([new Planar((float[])samples.Clone(), Samples, 1, Unknowns)], 0.5, products);
        var x = RandomInput.Of(2, -1, 1, Unknowns).Data;
        var level = 0.5 * samples.Sum(s => s * s) / Samples / Unknowns;

        // (level + mean of s·sᵀ)·x
        var y = Array.ConvertAll(x, v => level * v);
        for (var s = 0; s < Samples; s++)
        {
            var along = Enumerable.Range(0, Unknowns).Sum(u => samples[s * Unknowns + u] * x[u]);
            for (var u = 0; u < Unknowns; u++)
                y[u] += samples[s * Unknowns + u] * along / Samples;
        }

        var solved = factor.Solve(new Planar(Array.ConvertAll(y, v => (float)v), 1, 1, Unknowns));

        Assert.All(solved.Data.Zip(x), p => Assert.Equal(p.Second, p.First, 1e-4f));
    }
}
