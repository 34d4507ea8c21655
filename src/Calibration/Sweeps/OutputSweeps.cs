using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Sweeps;

/// <summary>What a sweep did.</summary>
/// <param name="Sweep">Its number, from 1.</param>
/// <param name="Error">The root of the mean squared difference to the source's output on the patches held back.</param>
/// <param name="Share">How far along the step it went.</param>
public sealed record SweepReport(int Sweep, double Error, double Share);

/// <summary>What sweeps are given.</summary>
/// <param name="Batch">The patches to learn from: the network's inputs by name.</param>
/// <param name="Held">The patches held back.</param>
/// <param name="MayGoOn">Asked before every sweep.</param>
/// <param name="Progress">Told every sweep when it is done.</param>
public sealed record SweepInputs(
    IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Batch, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Held,
    Func<bool> MayGoOn,
    Action<SweepReport> Progress);

/// <summary>
/// Goes over the whole network again, all layers at once, now for what the network's output lacks instead of for the layers' own
/// features: conjugate directions on one batch of patches, by the metric of <see cref="LayerMetric"/>, while patches held back
/// say that it helps. Needs the source's output only.
/// </summary>
internal sealed class OutputSweeps : IDisposable
{
    private const int Probes = 6;
    private const int Patience = 3;

    // What steps of networks of the literature come to; the search corrects it.
    private const double FirstShare = 1e-4;

    private readonly Model _student;
    private readonly OnnxSession _teacher;
    private readonly string _output;
    private double _power;
    private readonly IReadOnlyList<LayerMetric> _layers;
    private readonly CalibrationOptions _options;
    private readonly CancellationToken _cancellation;

    public OutputSweeps(Model teacher, Model student, IReadOnlyList<LayerMetric> layers, CalibrationOptions options,
        CancellationToken cancellation)
    {
        (_student, _layers, _options, _cancellation) = (student, layers, options, cancellation);
        _teacher = OnnxSession.Open(OnnxFile.ToBytes(teacher), "the source");
        _output = student.Graph.Outputs[0].Name;
    }

    private Graph Graph => _student.Graph;

    /// <summary>Sweeps as long as the patches held back say that it helps, and keeps what was best.</summary>
    /// <param name="inputs">The patches.</param>
    /// <returns>The node that stands in the way, or null.</returns>
    public Node? Run(SweepInputs inputs)
    {
        var (seen, unseen) = (Targets(inputs.Batch), Targets(inputs.Held));
        var (best, kept) = (Error(unseen), Kernels());
        inputs.Progress(new SweepReport(0, Math.Sqrt(best), 0));
        var (share, worse) = (FirstShare, 0);
        for (var sweep = 1; sweep <= _options.Sweeps && worse < Patience && inputs.MayGoOn(); sweep++)
        {
            using (var model = Build(inputs.Batch[0], out var missing))
            {
                if (model is null)
                    return missing;
                if (sweep == 1)
                    Measure(model, seen);
                var (loss, slope) = Direction(model, seen);
                share = Search(seen, loss, slope, share);
            }

            var error = Error(unseen);
            inputs.Progress(new SweepReport(sweep, Math.Sqrt(error), share));
            worse = error < best ? 0 : worse + 1;
            if (error < best)
                (best, kept) = (error, Kernels());
        }

        Restore(kept);
        return null;
    }

    private GradientModel? Build(IReadOnlyDictionary<string, Tensor> patch, out Node? missing) => GradientModel.Build(
        _student, patch.ToDictionary(p => p.Key, p => Shape.Known(p.Value.Dims)), _output,
        [.. _layers.SelectMany(l => l.Problem.Kernels().Keys).Distinct()], out missing);

    private void Measure(GradientModel model, IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch)
    {
        for (var p = 0; p < Math.Min(batch.Count, Probes); p++)
        {
            // Errors of no structure show how much each kernel moves the image.
            var noise = RandomInput.Of((ulong)p, -1, 1, batch[p].Target.Dims);
            var run = model.Run(batch[p].Patch, noise, 0);
            foreach (var layer in _layers)
                layer.AddProbe(run);
        }

        foreach (var layer in _layers)
            layer.Measure(_options.SweepDamping);
    }

    private (double Loss, double Slope) Direction(GradientModel model,
        IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch)
    {
        var loss = 0.0;
        foreach (var layer in _layers)
            layer.Clear();
        foreach (var (patch, target) in batch)
        {
            _cancellation.ThrowIfCancellationRequested();
            var run = model.Run(patch, target, 1);
            loss += HalfSquare(run.Output, target);
            foreach (var layer in _layers)
                layer.Add(run);
        }

        // Conjugate directions (Polak and Ribière): what one step has settled isn't undone by the next.
        var (withNew, withOld) = (0.0, 0.0);
        foreach (var (a, b) in _layers.Select(l => l.Turn()))
            (withNew, withOld) = (withNew + a, withOld + b);
        var kept = _power > 0 ? Math.Max(0, (withNew - withOld) / _power) : 0;
        _power = withNew;
        var slope = _layers.Sum(l => l.MakeStep(kept));
        // The last search can have ended so far from the lowest point that going on leads uphill.
        return (loss, slope < 0 ? slope : _layers.Sum(l => l.MakeStep(0)));
    }

    // The error along the step is close to a parabola: one trial tells where its lowest point is.
    private double Search(IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch, double loss,
        double slope, double trial)
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
        var sum = 0.0;
        foreach (var (patch, target) in batch)
        {
            _cancellation.ThrowIfCancellationRequested();
            sum += HalfSquare(session.Run(patch)[_output], target);
        }

        return sum;
    }

    private double Error(IReadOnlyList<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> batch) =>
        2 * Loss(batch) / batch.Sum(b => b.Target.Data.LongLength);

    private List<(IReadOnlyDictionary<string, Tensor> Patch, Tensor Target)> Targets(
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches) =>
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
