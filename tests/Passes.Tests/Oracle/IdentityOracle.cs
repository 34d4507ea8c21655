using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.Verification;

namespace MsSrConvert.Passes.Tests.Oracle;

/// <summary>What the oracle saw of one network and one way to convert it.</summary>
/// <param name="Sizes">Sizes compared.</param>
/// <param name="Differences">What differed, one line each.</param>
/// <param name="Convs">Convs that take part.</param>
internal sealed record OracleResult(int Sizes, IReadOnlyList<string> Differences, int Convs);

/// <summary>
/// The identity oracle: with the weights of <see cref="HandThroughWeights"/> a converted network must compute what its source
/// computes, at every size that the source takes, to 1e-5 of the output's largest value.
/// </summary>
/// <remarks>
/// It finds everything that reaches the finest branch or a full value: pixels shifted, mirrored or padded where the source's end,
/// means and coordinates over enlarged maps, wrong crops, channels that are mixed up, gates and constants partitioned wrongly,
/// outputs swapped or lost. It can't find errors in what coarser branches hold but constants (their places, the resampling to and
/// from them), in cross kernels, or in what convs and windows see beyond the bottom and right border. Those parts have the
/// reference implementation.
/// </remarks>
internal static class IdentityOracle
{
    private const double Tolerance = 1e-5;
    private const double HalfTolerance = 1e-2;

    // Less of its largest value than this, and an output shows no image any more.
    private const double LeastContrast = 1e-3;
    private static readonly float[] Gains = [1, 0.5f, 0.25f, 0.0625f];

    /// <summary>
    /// Compares at all sizes that the source takes; at none where numbers grow or fade too much for a difference to be told.
    /// </summary>
    /// <param name="build">Makes the source.</param>
    /// <param name="options">How to convert.</param>
    /// <param name="sizes">Heights and widths of the image.</param>
    /// <exception cref="MsSrException">The network is declined.</exception>
    public static OracleResult Check(Func<Model> build, ConversionOptions options, IReadOnlyList<(int Height, int Width)> sizes)
    {
        var source = build();
        var context = new PassContext();
        var runner = new PassRunner();
        runner.Run(source, context, Normalization.Lift());
        runner.Run(source, context, Normalization.Passes(options.Opset));
        var plan = Converter.Convert(source.Copy(), options, new HandThroughStart()).Plan;
        foreach (var gain in Gains)
        {
            var weighed = source.Copy();
            new HandThroughWeights(plan, gain).Set(weighed);
            if (Compare(weighed, options, sizes, plan) is { } result)
                return result;
        }

        return new OracleResult(0, [], plan.ConvertedConvs);
    }

    // Null where numbers grow too large, or fade, for a difference to be told.
    private static OracleResult? Compare(Model weighed, ConversionOptions options, IReadOnlyList<(int Height, int Width)> sizes,
        ConversionPlan plan)
    {
        var guard = new SizeGuard(weighed.Copy());
        using var reference = OrtRun(weighed);
        using var converted = OrtRun(Converter.Convert(weighed, options, new HandThroughStart()).Model);
        var inputs = new TrialInputs(reference.Inputs);
        var differences = new List<string>();
        var compared = 0;
        var tolerance = weighed.Graph.Initializers.Any(v => v.Initializer!.Element == ElementType.Float16)
            ? HalfTolerance : Tolerance;
        foreach (var (height, width) in sizes.Select(s => inputs.Fit(s.Height, s.Width) ?? s).Distinct())
        {
            var dims = inputs.Dims(1, height, width);
            if (!guard.Allows(dims) || Try(reference, inputs.Make(dims)) is not { } expected)
                continue;
            if (expected.Values.Any(t => !t.IsFinite()) || expected.Values.All(IsFlat))
                return null;
            compared++;
            var actual = converted.Run(inputs.Make(dims));
            differences.AddRange(
                expected
                    .Select(
                        e => Difference(e.Value, actual.GetValueOrDefault(e.Key), tolerance) is { } difference
                            ? $"{height}x{width} '{e.Key}': {difference}" : null).OfType<string>());
        }

        return new OracleResult(compared, differences, plan.ConvertedConvs);
    }

    private static OnnxSession OrtRun(Model model) =>
        OnnxSession.Open(OnnxFile.ToBytes(model), model.Graph.Name, new OnnxSessionOptions { Threads = 1 });

    private static IReadOnlyDictionary<string, Tensor>? Try(OnnxSession session, Dictionary<string, Tensor> inputs)
    {
        try
        {
            return session.Run(inputs);
        }
        catch (MsSrException e) when (e.Diagnostic.Id == "MSSR5002")
        {
            return null;
        }
    }

    private static bool IsFlat(Tensor output) =>
        output.Data.Length == 0 || output.Data.Max(Math.Abs) > 1e5
            || output.Data.Max() - output.Data.Min() < LeastContrast * output.Data.Max(Math.Abs);

    private static string? Difference(Tensor expected, Tensor? actual, double tolerance)
    {
        if (actual is null)
            return "is missing";
        if (!expected.Dims.AsSpan().SequenceEqual(actual.Dims))
            return $"{actual} where the source gives {expected}";
        if (expected.Data.Length == 0)
            return null;
        var largest = expected.Data.Max(Math.Abs);
        var at = Enumerable.Range(0, expected.Data.Length).MaxBy(i => Math.Abs(expected.Data[i] - actual.Data[i]));
        var difference = Math.Abs(expected.Data[at] - actual.Data[at]);
        var place = expected.Dims.Length == 4
            ? $" at channel {at / (int)(expected.Dims[2] * expected.Dims[3]) % (int)expected.Dims[1]}, row {at / (int)expected.Dims[3] % (int)expected.Dims[2]}, column {at % (int)expected.Dims[3]}" : "";
        return difference <= tolerance * largest ? null : $"differs by {difference:G3} of {largest:G3}{place}";
    }
}
