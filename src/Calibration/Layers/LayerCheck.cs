using System.Globalization;
using MsSrConvert.Calibration.Features;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Layers;

/// <summary>
/// Compares what ONNX Runtime makes of a solved layer with what its equations say in double precision: kernels that are solved
/// for a wrong engine would fit nothing but its faults.
/// </summary>
internal static class LayerCheck
{
    private const int Pixels = 64;
    private const double Tolerance = 1e-3;

    /// <summary>Compares some pixels of every branch of the first patch.</summary>
    /// <param name="name">The layer.</param>
    /// <param name="problem">Its unknowns, whose solution stands in the graph.</param>
    /// <param name="branches">The sums behind its branches; null for one that wasn't solved for.</param>
    /// <param name="student">The network with the layer; what the layer reads is at hand.</param>
    /// <exception cref="MsSrException">They differ (MSSR5304).</exception>
    public static void Require(string name, LayerProblem problem, IReadOnlyList<BranchSum?> branches, FeatureEvaluator student)
    {
        var computed = student.Compute(branches.OfType<BranchSum>().Select(b => b.Output));
        for (var b = 0; b < branches.Count; b++)
        {
            if (branches[b] is not { } branch)
                continue;
            var error = Error(problem, b, Planar.Of(computed[branch.Output][0]));
            if (!(error <= Tolerance))
            {
                throw new MsSrException(new Diagnostic("MSSR5304", Severity.Error, string.Create(CultureInfo.InvariantCulture,
                    $"ONNX Runtime's values of this layer's branch {b + 1} are off by {error:0.###} of their size from what its equations give in double precision; it computes wrong numbers on this machine."),
                    name, "Calibrate on another machine, or with another ONNX Runtime; nothing was written."));
            }
        }
    }

    // The largest difference as a share of the values' root mean square.
    private static double Error(LayerProblem problem, int branch, Planar actual)
    {
        var pixels = PixelSample.Spread(actual.Height, actual.Width, Pixels, 0);
        var found = pixels.Of(actual);
        var (most, squares) = (0.0, 0.0);
        for (var group = 0; group < problem.Groups; group++)
        {
            var rows = problem.Rows(new Place(branch, 0), group, pixels, 1);
            var weights = problem.Gather(group, v => new Tensor(v.Initializer!.ToFloats(), [.. v.Initializer.Dims]));
            for (var target = 0; target < problem.Targets; target++)
            {
                var values = found[group * problem.Targets + target];
                for (var pixel = 0; pixel < pixels.Count; pixel++)
                {
                    var right = 0.0;
                    for (var c = 0; c < rows.Unknowns.Length; c++)
                        right += (double)rows.Columns[c][pixel] * weights[rows.Unknowns[c] * problem.Targets + target];
                    var error = Math.Abs(values[pixel] - right);
                    (most, squares) = (Math.Max(most, error), squares + right * right);
                }
            }
        }

        return most == 0 ? 0 : most / Math.Sqrt(squares / (problem.Groups * problem.Targets * pixels.Count));
    }
}
