using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Passes;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class CalibratorTests
{
    [Fact]
    public void Every_layer_is_solved_and_told()
    {
        var told = new List<LayerReport>();
        var (_, report) = Calibrator.Run(Start(Source()), Patches(8), new CalibrationOptions(), told.Add);
        Assert.Equal(report.Layers, told);
        Assert.Equal((4, 0), (report.Solved, report.Skipped));
        Assert.All(report.Layers.Skip(1), l => Assert.True(l.Condition > 1 && l.Errors.All(e => e is >= 0 and < 1)));
    }

    [Fact]
    public void A_layer_whose_values_are_not_finite_keeps_its_start_and_is_named()
    {
        var source = Source();
        var output = source.Graph.Nodes.Last(n => n.Is("Conv")).Input(1)!;
        var weights = output.Initializer!.ToFloats();
        weights[0] = float.PositiveInfinity;
        source.Graph.SetInitializer(output, TensorData.Of(weights, [.. output.Initializer.Dims]));
        var (_, report) = Calibrator.Run(Start(source), Patches(8), new CalibrationOptions());
        Assert.Equal((3, 1), (report.Solved, report.Skipped));
        Assert.Equal("its values aren't finite", report.Layers[^1].Skipped);
    }

    [Fact]
    public void Networks_that_disagree_in_shape_are_told_apart_by_their_values()
    {
        var result = Start(Source());
        var pair = new PairFeatures(result, []);
        var conv = pair.Source.Graph.Nodes.First(n => n.Is("Conv"));
        Assert.Null(At(32, 48).Disagreement(conv.Output));
        Assert.Equal("branch 1 is 1×6×34×48, and 1×6×33×48 would stand for the source's 1×12×33×48",
            At(33, 48).Disagreement(conv.Output));
        Assert.Equal(2, result.Plan.Branches);

        PairShapes At(long height, long width) => new(pair, new Dictionary<string, long[]> { ["input"] = [1, 1, height, width] });
    }

    [Fact]
    public void Sizes_that_do_not_fit_leave_every_layer_as_it_was()
    {
        var (_, report) = Calibrator.Run(Start(Source()), Patches(2, 33), new CalibrationOptions());
        Assert.Equal((0, 4), (report.Solved, report.Skipped));
        Assert.All(report.Layers, l => Assert.Contains("would stand for the source's", l.Skipped, StringComparison.Ordinal));
    }

    [Fact]
    public void It_ends_when_it_is_asked_to()
    {
        using var end = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Calibrator.Run(Start(Source()), Patches(8), new CalibrationOptions(), _ => end.Cancel(), cancellation: end.Token));
    }

    [Fact]
    public void Sweeps_end_when_they_may_not_go_on()
    {
        var sweeps = new List<int>();
        var inputs = new SweepInputs(Patches(8), Patches(8), () => sweeps.Count < 2, s => sweeps.Add(s.Sweep));
        Calibrator.Run(Start(Source()), Patches(8), new CalibrationOptions(), null, inputs);
        Assert.Equal([0, 1], sweeps);
    }

    // Learning from one small patch harms the others before long.
    [Fact]
    public void Sweeps_end_when_the_patches_held_back_have_had_enough_and_the_best_is_kept()
    {
        var (held, reports) = (Patches(4), new List<SweepReport>());
        var inputs = new SweepInputs(Patches(1, 8), held, () => true, reports.Add);
        var (result, _) = Calibrator.Run(Start(Source()), Patches(8), new CalibrationOptions { Sweeps = 40 }, null, inputs);

        var best = reports.MinBy(r => r.Error)!;
        Assert.Equal(best.Sweep + 3, reports[^1].Sweep);
        Assert.Equal(best.Error, Error(result, held), best.Error * 1e-3);
        Assert.True(reports[^1].Error > best.Error * 1.01);
    }

    private static double Error(Converted result, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches)
    {
        using var source = OnnxSession.Open(OnnxFile.ToBytes(Source()), "source");
        using var converted = OnnxSession.Open(OnnxFile.ToBytes(result.Model), "converted");
        return Math.Sqrt(patches.SelectMany(p => source.Run(p).Values.Single().Data.Zip(converted.Run(p).Values.Single().Data))
            .Average(v => ((double)v.First - v.Second) * ((double)v.First - v.Second)));
    }

    [Fact]
    public void Sweeps_end_when_they_are_asked_to()
    {
        using var end = new CancellationTokenSource();
        var inputs = new SweepInputs(Patches(8), Patches(8), () => true, _ => end.Cancel());
        Assert.Throws<OperationCanceledException>(() =>
            Calibrator.Run(Start(Source()), Patches(8), new CalibrationOptions(), null, inputs, cancellation: end.Token));
    }

    private static Converted Start(Model source) =>
        Converter.Convert(source, new ConversionOptions { Branches = 2 }, new SliceInitializer());

    private static Model Source() => Vdsr.Create(1, layers: 4, channels: 12);

    private static IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Patches(int count, int side = 32) =>
        [
            .. Enumerable.Range(0, count).Select(p => new Dictionary<string, Tensor> { ["input"] = RandomInput.Of(
                (ulong)p, 0, 1, 1, 1, side, side) })
        ];
}
