using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Sweeps;

/// <summary>What a sweep did.</summary>
/// <param name="Sweep">Its number, from 1.</param>
/// <param name="Error">The root of the mean squared difference to the source's output on the patches held back.</param>
/// <param name="Share">How far along the step it went.</param>
public sealed record SweepReport(int Sweep, double Error, double Share);

/// <summary>
/// Goes over the whole network again: every layer is solved once more, now for what the network's output lacks instead of for its own
/// feature, all layers at once and each on new patches. Needs the source's output only.
/// </summary>
internal sealed class OutputSweeps : IDisposable
{
    private readonly Model _student;
    private readonly OnnxSession _teacher;
    private readonly string _output;
    private readonly IReadOnlyList<LayerCurvature> _layers;
    private readonly CalibrationOptions _options;

    public OutputSweeps(Model teacher, Model student, IReadOnlyList<LayerCurvature> layers, CalibrationOptions options)
    {
        (_student, _layers, _options) = (student, layers, options);
        _teacher = OnnxSession.Open(OnnxFile.ToBytes(teacher), "the source");
        _output = student.Graph.Outputs[0].Name;
    }

    private Graph Graph => _student.Graph;

    /// <summary>Sweeps as long as the patches held back say that it helps, and keeps what was best.</summary>
    /// <param name="batches">New patches for every sweep; the first are held back. None end it.</param>
    /// <param name="progress">Told every sweep.</param>
    /// <returns>The node that stands in the way, or null.</returns>
    public Node? Run(Func<int, IReadOnlyList<IReadOnlyDictionary<string, Tensor>>> batches, Action<SweepReport> progress)
    {
        var held = Targets(batches(0));
        var (best, kept) = (Error(held), Kernels());
        progress(new SweepReport(0, Math.Sqrt(best), 0));
        var (share, worse) = (_options.FirstShare, 0);
        for (var sweep = 1; sweep <= _options.Sweeps && worse < 3; sweep++)
        {
            var batch = Targets(batches(sweep));
            if (batch.Count == 0)
                break;
            using (var model = Build(batch[0].Patch, out var missing))
            {
                if (model is null)
                    return missing;
                if ((sweep - 1) % _options.CurvatureEvery == 0)
                    MeasureOutputs(model, batch, (ulong)sweep);
                var (loss, slope) = Direction(model, batch);
                share = Search(batch, loss, slope, share);
            }

            var error = Error(held);
            progress(new SweepReport(sweep, Math.Sqrt(error), share));
            worse = error < best ? 0 : worse + 1;
            if (error < best)
                (best, kept) = (error, Kernels());
        }

        Restore(kept);
        return null;
    }

    private GradientModel? Build(IReadOnlyDictionary<string, Tensor> patch, out Node? missing)
    {
        var sums = _layers.SelectMany(l => l.Problem.Branches).ToArray();
        var reads = sums.SelectMany(s => s.Terms).Select(t => t.Conv.Input(0)!).Distinct().ToArray();
        var shapes = patch.ToDictionary(p => p.Key, p => Shape.Known(p.Value.Dims));
        return GradientModel.Build(_student, shapes, _output, reads, [.. sums.Select(s => s.Output)], out missing);
    }

    private void MeasureOutputs(GradientModel model, IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch, ulong seed)
    {
        for (var p = 0; p < Math.Min(batch.Count, 4); p++)
        {
            // Errors of no structure show how much each output of a layer moves the picture.
            var noise = RandomInput.Of(seed * 100 + (ulong)p, -1, 1, batch[p].Target.Dims);
            var run = model.Run(batch[p].Patch, noise, 0);
            foreach (var layer in _layers)
                layer.AddOutputs(run);
        }

        foreach (var layer in _layers)
            layer.Factorise(_options.OutputDamping);
    }

    private (double Loss, double Slope) Direction(GradientModel model, IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch)
    {
        var loss = 0.0;
        foreach (var layer in _layers)
            layer.Clear();
        foreach (var (patch, target) in batch)
        {
            var run = model.Run(patch, target, 1);
            loss += HalfSquare(run.Output, target);
            foreach (var layer in _layers)
                layer.Add(run);
        }

        return (loss, _layers.Sum(l => l.MakeStep(batch.Count, _options.Momentum)));
    }

    // The error along the step is close to a parabola: one trial tells where its lowest point is.
    private double Search(IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch, double loss, double slope, double trial)
    {
        var start = Kernels();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Apply(trial);
            var there = Loss(batch);
            Restore(start);
            var curvature = 2 * (there - loss - slope * trial) / (trial * trial);
            var best = curvature > 0 ? Math.Min(-slope / curvature, 3 * trial) : 3 * trial;
            // Where the lowest point is far closer than the trial, the parabola says little: try again there.
            if (best > 0.4 * trial)
            {
                Apply(best);
                return best;
            }

            trial = Math.Max(best, trial / 20);
        }

        return trial;
    }

    private void Restore(Dictionary<Value, TensorData> kernels)
    {
        foreach (var (value, data) in kernels)
            Graph.SetInitializer(value, data);
    }

    private void Apply(double share)
    {
        foreach (var layer in _layers)
            layer.Apply(Graph, share);
    }

    private double Loss(IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch)
    {
        using var session = OnnxSession.Open(OnnxFile.ToBytes(_student), "the converted model");
        return batch.Sum(b => HalfSquare(session.Run(b.Patch)[_output], b.Target));
    }

    private double Error(IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch) =>
        2 * Loss(batch) / batch.Sum(b => b.Target.Data.LongLength);

    private List<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> Targets(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches) =>
        [.. patches.Select(p => (p, _teacher.Run(p)[_output]))];

    private static double HalfSquare(Tensor a, Tensor b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Data.Length; i++)
            sum += 0.5 * ((double)a.Data[i] - b.Data[i]) * ((double)a.Data[i] - b.Data[i]);
        return sum;
    }

    private Dictionary<Value, TensorData> Kernels() => Graph.Initializers.ToDictionary(v => v, v => v.Initializer!);

    /// <inheritdoc/>
    public void Dispose() => _teacher.Dispose();
}
