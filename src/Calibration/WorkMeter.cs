using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Calibration.Sweeps;

namespace MsSrConvert.Calibration;

/// <summary>Tells how far a calibration is and what time is left, from what its layers and sweeps are known to take.</summary>
internal sealed class WorkMeter
{
    // A sweep over all layers takes about this share of solving them, until one has been timed.
    private const double SweepShare = 0.25;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Action<CalibrationProgress> _progress;
    private readonly double[] _layers;
    private readonly int _sweeps;
    private double _done;
    private TimeSpan _sweepsBegan;

    /// <summary>Begins to measure.</summary>
    public WorkMeter(CalibrationPlan plan, Action<CalibrationProgress> progress)
    {
        var layers = plan.Layers.Select(l => l?.Work ?? 0).ToArray();
        var all = Math.Max(1, layers.Sum());
        _layers = [.. layers.Select(l => l / all)];
        (_sweeps, _progress) = (plan.Sweeps, progress);
    }

    /// <summary>Tells what is done before the first layer.</summary>
    public void Begin(string text) => Tell(text, null);

    /// <summary>Counts a layer.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="layer">What became of it.</param>
    /// <param name="next">The name of the next, or null after the last.</param>
    public void LayerDone(int index, LayerReport layer, string? next)
    {
        _done += _layers[index];
        var result = layer switch
        {
            { Skipped: not null } => "skipped",
            { Errors.Count: 0 } => "exact",
            _ => string.Join(' ', layer.Errors.Select(e => e.ToString("P1", Culture))),
        };
        TimeSpan? left = _done > 0 ? _watch.Elapsed * ((1 + _sweeps * SweepShare) / _done - 1) : null;
        Tell(
            next is null ? $"{layer.Layer}: {result}" : string.Create(Culture,
                $"layer {index + 2}/{_layers.Length} {next} ({layer.Layer}: {result})"), left);
    }

    /// <summary>Counts a sweep; number 0 is where they begin.</summary>
    public void SweepDone(SweepReport sweep)
    {
        if (sweep.Sweep == 0)
            _sweepsBegan = _watch.Elapsed;
        else
            _done += SweepShare;
        TimeSpan? left = sweep.Sweep == 0 ? null : (_watch.Elapsed - _sweepsBegan) * ((double)_sweeps / sweep.Sweep - 1);
        Tell(string.Create(Culture, $"sweep {sweep.Sweep}/{_sweeps} (error {sweep.Error:G3})"), left);
    }

    private void Tell(string text, TimeSpan? left) =>
        _progress(new CalibrationProgress(text, Math.Min(1, _done / (1 + _sweeps * SweepShare)), left));
}
