using System.Diagnostics;
using System.Globalization;
using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Images;
using MsSrConvert.Calibration.Sweeps;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration;

/// <summary>
/// Calibrates a trained image network from images to finished model: chooses patches within the memory allowed, solves, measures
/// on patches held back, and records in the model's metadata what was done.
/// </summary>
public sealed class CalibrationJob
{
    private const int ValidationPatches = 8;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    // Patches are drawn anew for every purpose.
    private const int ValidationBatch = 0;
    private const int LayerBatch = 1;
    private const int SweepCheck = 2;
    private const int SweepBatch = 3;

    private readonly ImageModel _source;
    private readonly Converted _start;
    private readonly CalibrationRequest _request;
    private readonly Action<CalibrationProgress> _progress;
    private readonly IImageSource _work;
    private readonly IImageSource _held;
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    private CalibrationJob(ImageModel source, Converted start, CalibrationRequest request, Action<CalibrationProgress> progress)
    {
        (_source, _start, _request, _progress) = (source, start, request, progress);
        (_work, _held) = ImageSelection.Split(request.Images);
    }

    /// <summary>Calibrates a conversion.</summary>
    /// <param name="source">The source as it runs.</param>
    /// <param name="start">The source's conversion, its kernels cut from the source's own; not changed.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="progress">Told how far the work is.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="MsSrException">No layer could be solved (MSSR2303), it doesn't fit the
    /// memory (MSSR3301), or the images are unfit (MSSR1201, MSSR1207).</exception>
    /// <exception cref="OperationCanceledException">The work was to end.</exception>
    public static CalibrationOutcome Run(
        ImageModel source, Converted start, CalibrationRequest request, Action<CalibrationProgress> progress,
        CancellationToken cancellation) =>
        new CalibrationJob(source, start, request, progress).Run(cancellation);

    private CalibrationOutcome Run(CancellationToken cancellation)
    {
        _progress(new CalibrationProgress("planning", 0, null));
        var plan = CalibrationPlan.Make(new PairFeatures(_start, []), _source.Contract, _start.Plan, _request);
        var validation = Patches(plan, _held, ValidationBatch, ValidationPatches);
        var truths = validation.Select(p => _source.Session.Run(p)[_source.Contract.OutputName]).ToArray();
        var before = Agreement(_start.Model, validation, truths);
        cancellation.ThrowIfCancellationRequested();

        var (layers, done) = (_start.Plan.Convs.Where(c => c.Role != ConvRole.Kept).Select(c => c.Node.Name).ToArray(), 0);
        var meter = new WorkMeter(plan, _progress);
        meter.Begin($"ranking channels on {plan.Patches} patches");
        var made = 0;
        var (result, report) = Calibrator.Run(
            _start, Patches(plan, _work, LayerBatch, plan.Patches),
            _request.Options with { Sweeps = plan.Sweeps, HeapLimit = _request.Memory / 3 },
            layer => meter.LayerDone(done++, layer, done < layers.Length ? layers[done] : null),
            plan.Sweeps == 0 ? null : new SweepInputs(
                Patches(plan, _work, SweepBatch, _request.Options.SweepPatches),
                Patches(plan, _held, SweepCheck, _request.Options.SweepPatches),
                () => _request.Time is not { } time || _watch.Elapsed < time,
                sweep =>
                {
                    made = sweep.Sweep;
                    meter.SweepDone(sweep);
                }),
            cancellation);
        if (report.Solved == 0)
            throw Unsolved(report);
        var outcome = new CalibrationOutcome(
            result, report, _request.Images.Description, plan.Patches, plan.Height, plan.Width, made,
            before, Agreement(result.Model, validation, truths), _watch.Elapsed.TotalSeconds, Notes(plan, report));
        Record(outcome);
        return outcome;
    }

    // What reads the model later finds how it wants its images, and that it has been calibrated; the same request gives the same
    // bytes.
    private void Record(CalibrationOutcome outcome)
    {
        ContractGuess.WriteMetadata(outcome.Result.Model, _source.Contract);
        outcome.Result.Model.SetMetadata(MetadataKeys.Start, "calibrated");
        outcome.Result.Model.SetMetadata(MetadataKeys.Calibrated, MetadataJson.Object(writer =>
        {
            writer.WriteNumber("pictures", _request.Images.Count);
            writer.WriteBoolean("drawn", _request.Images is SyntheticImages);
            writer.WriteNumber("patches", outcome.Patches);
            writer.WriteString("patch_size", string.Create(Culture, $"{outcome.Height}x{outcome.Width}"));
            writer.WriteNumber("seed", _request.Seed);
            writer.WriteNumber("sweeps", outcome.Sweeps);
            if (double.IsFinite(outcome.After))
                writer.WriteNumber("validation_db", Math.Round(outcome.After, 2));
            writer.WriteString("version", typeof(CalibrationJob).Assembly.GetName().Version?.ToString(3));
        }));
    }

    private List<string> Notes(CalibrationPlan plan, CalibrationReport report)
    {
        var notes = new List<string>();
        var allowed = string.Create(Culture, $"within {_request.Memory / (double)(1 << 30):0.##} GiB");
        if (plan.Patches < _request.Patches)
            notes.Add(string.Create(Culture, $"{plan.Patches} patches instead of {_request.Patches}, to stay {allowed}."));
        if (plan.IsSmaller)
            notes.Add(string.Create(Culture, $"patches of {plan.Height}×{plan.Width}, to stay {allowed}."));
        if (plan.Sweeps == 0 && _request.Options.Sweeps > 0)
            notes.Add($"no refinement sweeps over the network, to stay {allowed}.");
        if (report.SweepsBlockedBy is { } blocked)
            notes.Add($"no refinement sweeps over the network: no gradient is known of {blocked}.");
        return notes;
    }

    private IReadOnlyList<IReadOnlyDictionary<string, Tensor>> Patches(
        CalibrationPlan plan, IImageSource images, int batch, int count) =>
        CalibrationPatches.Cut(_source.Session.Inputs[0].Name, _source.Contract, images, new PatchOptions
        {
            Count = count,
            Height = plan.Height,
            Width = plan.Width,
            Seed = _request.Seed * 1_000_003 + (ulong)batch,
            NoiseSigma = _request.NoiseSigma,
        });

    // PSNR against the source's output, in dB.
    private double Agreement(Model model, IReadOnlyList<IReadOnlyDictionary<string, Tensor>> patches,
        IReadOnlyList<Tensor> truths)
    {
        using var session = OnnxSession.Open(OnnxFile.ToBytes(model), "the converted model");
        var (error, count) = (0.0, 0L);
        foreach (var (patch, truth) in patches.Zip(truths))
        {
            var output = session.Run(patch)[_source.Contract.OutputName].Data;
            for (var i = 0; i < output.Length; i++)
                error += ((double)output[i] - truth.Data[i]) * ((double)output[i] - truth.Data[i]);
            count += output.Length;
        }

        var peak = _source.Contract.OutputSpan;
        return 10 * Math.Log10(peak * peak * count / error);
    }

    private MsSrException Unsolved(CalibrationReport report) => new(new Diagnostic("MSSR2303", Severity.Error,
        "no layer could be solved:" + string.Concat(report.Layers.Take(12).Select(l => $"\n  {l.Layer}: {l.Skipped}")),
        _source.Name));
}
