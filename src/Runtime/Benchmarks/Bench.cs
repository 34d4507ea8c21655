using System.Diagnostics;
using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Runtime.Benchmarks;

/// <summary>An image size in pixels.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct ImageSize(int Height, int Width)
{
    /// <summary><c>128x96</c>, height first.</summary>
    public override string ToString() => FormattableString.Invariant($"{Height}x{Width}");
}

/// <summary>What a model costs on paper at a size.</summary>
/// <param name="Params">Weights and biases.</param>
/// <param name="Macs">Multiply-adds.</param>
/// <param name="Nodes">Nodes of the graph.</param>
public sealed record BenchCost(long Params, long Macs, int Nodes);

/// <summary>How models are timed.</summary>
public sealed record BenchOptions
{
    /// <summary>The sizes to run at; a model of fixed size runs at its own.</summary>
    public IReadOnlyList<ImageSize> Sizes { get; init; } = [new(128, 128)];

    /// <summary>Timed runs of each model at each size.</summary>
    public int Runs { get; init; } = 60;

    /// <summary>Runs before those, which aren't timed.</summary>
    public int Warmup { get; init; } = 3;

    /// <summary>Threads within one operator; 0 lets ONNX Runtime choose.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// True lets threads spin between the operators of a run, as ONNX Runtime does by default where a model is alone.
    /// </summary>
    public bool Spinning { get; init; }

    /// <summary>Execution device.</summary>
    public Device Device { get; init; } = Device.Cpu;
}

/// <summary>How far a benchmark has come.</summary>
/// <param name="Current">What is being done.</param>
/// <param name="Share">The share of all runs that is done, 0..1.</param>
public sealed record BenchProgress(string Current, double Share);

/// <summary>One model at one size.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Size">The size it ran at: the one asked for, or its own where that is fixed.</param>
/// <param name="Cost">What it costs on paper, or null where that isn't known.</param>
/// <param name="MedianMs">The median of the timed runs in milliseconds.</param>
/// <param name="Spread">The distance between the quartiles as a share of the median.</param>
/// <param name="Ratio">The time as a share of the first model's in the same round: the median over the rounds.</param>
/// <param name="IdealRatio">The multiply-adds as a share of the first model's, or null.</param>
/// <param name="PeakBytes">By how much loading the model and one run at the largest size make the process grow; null on other
/// devices than the processor.</param>
/// <param name="Placement">Which nodes the device computes; null on the processor.</param>
public sealed record BenchRow(
    string Path, ImageSize Size, BenchCost? Cost, double MedianMs, double Spread, double Ratio, double? IdealRatio,
    long? PeakBytes, NodePlacement? Placement);

/// <summary>
/// Times several models against each other in one process: A B A B …, so that whatever else the machine does falls on all alike.
/// Sessions don't spin unless asked to, and never between their runs, since they would steal each other's time.
/// </summary>
public static class Bench
{
    /// <summary>Times the models; rows come by size, then in the models' order.</summary>
    /// <param name="paths">The models; the first is what the others are measured by.</param>
    /// <param name="options">Sizes, runs, device.</param>
    /// <param name="cost">Counts a model at a size, or null where it can't.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <exception cref="MsSrException">A model is missing or broken (MSSR1xxx, MSSR5001), can't be run at a size (MSSR5002,
    /// MSSR5003), or the device is missing (MSSR5004); there is nothing to time (MSSR3408).</exception>
    public static IReadOnlyList<BenchRow> Run(
        IReadOnlyList<string> paths, BenchOptions options, Func<Model, ImageSize, BenchCost?>? cost = null,
        Action<BenchProgress>? progress = null)
    {
        if (paths.Count == 0 || options.Sizes.Count == 0 || options.Runs < 1 || options.Warmup < 0)
            throw new MsSrException(new Diagnostic("MSSR3408", Severity.Error, "A benchmark needs a model, a size and a run."));
        var largest = options.Sizes.MaxBy(s => (long)s.Height * s.Width);
        var graphs = paths.Select(ModelFile.Read).ToArray();
        var peaks = paths.Select(p =>
        {
            progress?.Invoke(new BenchProgress($"memory of {Path.GetFileName(p)}", 0));
            return PeakOf(p, options, largest);
        }).ToArray();
        var sessions = new List<OnnxSession>();
        try
        {
            foreach (var path in paths)
                sessions.Add(OnnxSession.Open(path, Session(options)));
            return [.. options.Sizes.SelectMany(size => AtSize(paths, graphs, sessions, peaks, size, options, cost, progress))];
        }
        finally
        {
            sessions.ForEach(s => s.Dispose());
        }
    }

    private static IEnumerable<BenchRow> AtSize(
        IReadOnlyList<string> paths, Model[] graphs, List<OnnxSession> sessions, long?[] peaks, ImageSize size,
        BenchOptions options,
        Func<Model, ImageSize, BenchCost?>? cost, Action<BenchProgress>? progress)
    {
        var times = Interleaved(sessions, size, options, progress);
        var sizes = sessions.Select(s => SizeOf(s, size)).ToArray();
        var costs = graphs.Select((g, i) => cost?.Invoke(g, sizes[i])).ToArray();
        for (var i = 0; i < paths.Count; i++)
        {
            var placement = options.Device.Kind == DeviceKind.Cpu ? null : NodePlacement.Of(paths[i], sizes[i], Session(options));
            double? ideal = costs[i] is { } own && costs[0] is { Macs: > 0 } reference ? (double)own.Macs / reference.Macs : null;
            yield return new BenchRow(paths[i], sizes[i], costs[i], TimeStatistics.Quantile(times[i], 0.5),
                TimeStatistics.Spread(times[i]), TimeStatistics.Ratio(times[i], times[0]), ideal, peaks[i], placement);
        }
    }

    private static double[][] Interleaved(List<OnnxSession> sessions, ImageSize size, BenchOptions options,
        Action<BenchProgress>? progress)
    {
        var runs = new List<BoundRun>();
        try
        {
            foreach (var session in sessions)
                runs.Add(session.Bind(Inputs(session, size)));
            var times = runs.Select(_ => new double[options.Runs]).ToArray();
            for (var round = -options.Warmup; round < options.Runs; round++)
            {
                progress?.Invoke(new BenchProgress(
                    FormattableString.Invariant($"{size}: {(round < 0 ? "warm-up" : $"run {round + 1} of {options.Runs}")}"),
                    ShareBefore(size, round, options)));
                for (var i = 0; i < runs.Count; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    runs[i].Run();
                    if (round >= 0)
                        times[i][round] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
                }
            }

            return times;
        }
        finally
        {
            runs.ForEach(r => r.Dispose());
        }
    }

    // Larger images take longer, in proportion to their pixels.
    private static double ShareBefore(ImageSize size, int round, BenchOptions options)
    {
        var all = options.Sizes.Sum(Pixels);
        var before = options.Sizes.TakeWhile(s => s != size).Sum(Pixels);
        return (before + Pixels(size) * (round + options.Warmup) / (options.Runs + options.Warmup)) / all;

        static double Pixels(ImageSize s) => (double)s.Height * s.Width;
    }

    private static ImageSize SizeOf(OnnxSession session, ImageSize wanted)
    {
        var image = session.Inputs.FirstOrDefault(i => i.Shape.Rank == 4);
        if (image is null)
            return wanted;
        var rows = RandomInput.IsChannelsLast(image.Shape) ? 1 : 2;
        return new ImageSize(Known(image.Shape[rows], wanted.Height), Known(image.Shape[rows + 1], wanted.Width));

        static int Known(Dim dim, int open) => dim.IsKnown ? (int)dim.Value : open;
    }

    private static long? PeakOf(string path, BenchOptions options, ImageSize size)
    {
        if (options.Device.Kind != DeviceKind.Cpu)
            return null;
        // The first session also loads the runtime, which is no model's own.
        using (OnnxSession.Open(path, Session(options)))
        {
        }

        using var watch = new MemoryWatch();
        using var session = OnnxSession.Open(path, Session(options));
        using var run = session.Bind(Inputs(session, size));
        run.Run();
        return watch.Growth();
    }

    private static Dictionary<string, Tensor> Inputs(OnnxSession session, ImageSize size) =>
        session.Inputs.ToDictionary(i => i.Name, i => RandomInput.For(i, size.Height, size.Width));

    private static OnnxSessionOptions Session(BenchOptions options) =>
        new() { Device = options.Device, Threads = options.Threads, Spinning = options.Spinning };
}
