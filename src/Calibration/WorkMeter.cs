using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Calibration.Sweeps;

namespace MsSrConvert.Calibration;

/// <summary>Tells how far a calibration is and what time is left, from what its layers and sweeps are known to take.</summary>
internal sealed class WorkMeter
{
    // A sweep over all layers takes this share of solving them; found by timing.
    private const double SweepShare = 0.25;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Action<CalibrationProgress> _progress;
    private readonly double[] _layers;
    private readonly double _sweep;
    private readonly int _sweeps;
    private double _done;

    /// <summary>Begins to measure.</summary>
    public WorkMeter(CalibrationPlan plan, int sweeps, Action<CalibrationProgress> progress)
    {
        var layers = plan.Layers.Select(l => l?.Work ?? 0).ToArray();
        var all = Math.Max(1, layers.Sum());
        _layers = [.. layers.Select(l => l / all)];
        (_sweep, _sweeps, _progress) = (SweepShare, sweeps, progress);
    }

    /// <summary>Tells what is done before the first layer.</summary>
    public void Begin(string text) => Tell(text);

    /// <summary>Counts a layer.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="layer">What became of it.</param>
    /// <param name="next">The name of the next, or null after the last.</param>
    public void LayerDone(int index, LayerReport layer, string? next)
    {
        _done += _layers[index];
        var errors = layer.Skipped is not null ? "skipped" : layer.Errors.Count == 0 ? "exact" : string.Join(' ', layer.Errors.Select(e => e.ToString("P1", Culture)));
        Tell(next is null ? $"{layer.Layer}: {errors}" : string.Create(Culture, $"layer {index + 2}/{_layers.Length} {next} ({layer.Layer}: {errors})"));
    }

    /// <summary>Counts a sweep.</summary>
    public void SweepDone(SweepReport sweep)
    {
        if (sweep.Sweep > 0)
            _done += _sweep;
        Tell(string.Create(Culture, $"sweep {sweep.Sweep}/{_sweeps} (error {sweep.Error:G3})"));
    }

    private void Tell(string text)
    {
        var share = Math.Min(1, _done / (1 + _sweeps * _sweep));
        _progress(new CalibrationProgress(text, share, share > 0 ? _watch.Elapsed * (1 / share - 1) : null));
    }
}
