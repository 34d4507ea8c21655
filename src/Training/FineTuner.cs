using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Checkpoints;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Loop;
using MsSrConvert.Training.Losses;
using MsSrConvert.Training.Reports;
using MsSrConvert.Training.Validation;
using Device = TorchSharp.torch.Device;

namespace MsSrConvert.Training;

/// <summary>
/// Trains a model file: the result is the same graph with new numbers in its initializers, ties and names kept, tried by ONNX
/// Runtime.
/// </summary>
public sealed class FineTuner : IDisposable
{
    private const double OrdinaryRate = 2e-4;
    private const double RefiningRate = 2e-5;
    private const int LargestValidationSide = 256;

    private readonly FineTuneRequest _request;
    private readonly EngineForm _form;
    private readonly Device _device;
    private readonly TrainingModel _student;
    private readonly TrainingModel? _teacher;
    private readonly ImageContract _contract;
    private readonly TrainingOptions _options;
    private readonly RunFolder _folder;
    private readonly TrainingImages _images;
    private readonly (int Height, int Width) _patch;

    /// <summary>Opens everything and finds out whether it fits together; nothing is written yet but the run folder.</summary>
    /// <exception cref="MsSrException">A model, image or option is bad; see the ids of docs/cli.md.</exception>
    public FineTuner(FineTuneRequest request)
        : this(request, EngineForm.Requested(EngineForm.All))
    {
    }

    /// <summary>Opens everything for a libtorch that is run in a given form.</summary>
    internal FineTuner(FineTuneRequest request, EngineForm form)
    {
        (_request, _form) = (request, form);
        try
        {
            _device = TorchDevice.Choose(form, request.Cuda, request.Threads);
            _student = TrainingModel.Open(request.Model, request.Contract, _device, form.Operators);
            _teacher = request.Teacher is { } teacher
                ? TrainingModel.Open(teacher, request.Contract, _device, form.Operators) : null;
            if (_teacher is not null)
                _student.Image.ReadLike(_teacher.Image);
            var data = new DataSplit(request, _student.Image);
            _contract = _student.Image.Contract;
            _teacher?.RequireLike(_contract);
            _options = request.Options with
            {
                Task = data.Task,
                LearningRate = request.Options.LearningRate ?? (_student.IsRefined ? RefiningRate : OrdinaryRate),
            };
            Validation = data.Validation;
            var multiple = Multiple();
            _patch = (_contract.FixedHeight ?? Multiples.RoundUp(_options.Patch, multiple),
                _contract.FixedWidth ?? Multiples.RoundUp(_options.Patch, multiple));
            _images = new TrainingImages(data.Training, _contract, InSmallPixels(_patch), request.Reading);
            var dims = _contract.InputDims(_options.Batch, _patch.Height, _patch.Width);
            _student.Network.Check(dims, _student.Output);
            _teacher?.Network.Check(dims, _teacher.Output);
            _folder = new RunFolder(request.RunFolder, request.Resume, request.Force);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How the model wants its images.</summary>
    public ImageModel Image => _student.Image;

    /// <summary>The images that quality is measured on.</summary>
    public IReadOnlyList<EvalItem> Validation { get; }

    /// <summary>What will be done, in a line for people.</summary>
    public string Plan => string.Create(CultureInfo.InvariantCulture,
        $"{_student.Network.Trainable.Sum(v => v.Initializer!.Count):N0} weights, {_images.Count} images{(_images.TooSmall > 0 ? $" ({_images.TooSmall} smaller than a patch left out)" : "")}, {Validation.Count} to measure on; batches of {_options.Batch} patches of {_patch.Height}×{_patch.Width}; learning rate {_options.LearningRate:0.##e-0}");

    /// <summary>Trains and writes the result.</summary>
    /// <param name="report">Told about every step.</param>
    /// <param name="cancel">Stops after the step that is being done; the best model is written then.</param>
    /// <param name="told">Told what the engine was tried with.</param>
    /// <exception cref="MsSrException">The training diverged (MSSR5601; the best model is written), an image is bad, a file can't
    /// be written, or libtorch computes wrong numbers (MSSR5606).</exception>
    public FineTuneResult Run(Action<TrainingProgress> report, CancellationToken cancel, Action<string>? told = null)
    {
        try
        {
            return RunGuarded(report, cancel, told);
        }
        catch (EngineFault fault)
        {
            throw fault.AsError([_form]);
        }
    }

    /// <summary>The same for callers that have another form to try.</summary>
    /// <exception cref="EngineFault">libtorch computes wrong numbers.</exception>
    internal FineTuneResult RunGuarded(Action<TrainingProgress> report, CancellationToken cancel, Action<string>? told)
    {
        var noise = _options.Task == TrainingTask.Denoising ? _options.Noise : [];
        var sampler = new PatchSampler(_images, _contract, _patch, _options.Batch, _options.Seed, noise);
        using var validator = Validator(noise);
        using var teacherWeights = _teacher?.Network.Weights(trained: false);
        using var state = new TrainingState(_student.Network, Recipe());
        if (_request.Resume)
            state.Load(Checkpoint.Read(_folder.Checkpoint), _folder.Checkpoint);
        var objective = Objective(teacherWeights);
        using var guard = new EngineGuard(_student, _form, _device, sampler.Make(0));
        told?.Invoke(guard.Try(state.Weights, objective));
        var trainer = new Trainer(_student.Network, objective, sampler, validator, _options, guard, _folder.Checkpoint);
        var end = Train(trainer, state, report, cancel);
        var best = Best(state, validator, end);
        Write(state, best);
        var files = _folder.WriteReports(Facts(state), state.Log);
        return end != TrainingEnd.Diverged
            ? new FineTuneResult(_request.Output, end, state.Step, state.Seconds, best.Step, state.Log[0].Psnr, best.Psnr,
                _options.LearningRate!.Value, state.Log, files, Validation)
            : throw new MsSrException(new Diagnostic("MSSR5601", Severity.Error, string.Create(CultureInfo.InvariantCulture,
                $"the training diverged at step {state.Step}: the loss isn't a number or has grown tenfold, and libtorch's numbers are right. The best model so far, of step {best.Step} with {best.Psnr:0.00} dB, was written."),
                _request.Output,
                string.Create(CultureInfo.InvariantCulture,
                    $"Begin anew with a smaller learning rate than {_options.LearningRate:0.##e-0}, --lr.")));
    }

    private TrainingEnd Train(Trainer trainer, TrainingState state, Action<TrainingProgress> report, CancellationToken cancel)
    {
        try
        {
            return trainer.Run(state, report, () => _folder.WriteCsv(state.Log), cancel);
        }
        catch (EngineFault fault) when (trainer.HasSaved)
        {
            throw new EngineFault(fault.Form, fault.Found) { CanResume = true };
        }
    }

    // What an interrupted run has in hand may be better than what it last measured; its checkpoint, written before, doesn't know
    // of it.
    private (float[] Weights, long Step, double Psnr) Best(TrainingState state, Validator validator, TrainingEnd end)
    {
        if (end == TrainingEnd.Interrupted)
        {
            var psnr = validator.Psnr(_student.Network, state.Average);
            if (psnr > state.BestPsnr)
                return (state.Average.ToArray(), state.Step, psnr);
        }

        return (state.Best, state.BestStep, state.BestPsnr);
    }

    private Objective Objective(FlatWeights? teacherWeights)
    {
        if (_teacher is null)
            return new Objective(_student.Output, [], null, _contract.OutputSpan, _options, _device);
        var pairs = _options.DistillFeatures > 0 ? FusedFeatures.Of(_student, _teacher) : [];
        var teacher = new Teacher(_teacher.Network, teacherWeights!, _teacher.Output, [.. pairs.Select(p => p.Teacher)]);
        return new Objective(_student.Output, [.. pairs.Select(p => p.Student)], teacher, _contract.OutputSpan, _options,
            _device);
    }

    private Validator Validator(IReadOnlyList<double> noise)
    {
        var multiple = Multiple();
        var images = new TrainingImages(Validation, _contract,
            InSmallPixels((_contract.FixedHeight ?? multiple, _contract.FixedWidth ?? multiple)), _request.Reading, decode: true);
        var largest = Math.Max(multiple, LargestValidationSide / _contract.NetScale / multiple * multiple);
        return new Validator(images, _contract, _student.Output,
            low => (_contract.FixedHeight ?? Side(low.Height * _contract.InputScale),
                _contract.FixedWidth ?? Side(low.Width * _contract.InputScale)),
            noise.Count > 0 ? noise[0] : null, _options.Seed, _device);

        int Side(int pixels) => Math.Min(largest, pixels / multiple * multiple);
    }

    private void Write(TrainingState state, (float[] Weights, long Step, double Psnr) best)
    {
        var model = _student.Graph;
        FlatWeights.Store(model.Graph, _student.Network.Trainable, best.Weights);
        ContractGuess.WriteMetadata(model, _contract);
        model.SetMetadata(MetadataKeys.Trained, MetadataJson.Object(writer => TrainingLog.WriteFacts(writer, Facts(state))));
        var input = model.Graph.Inputs.First(v => v.Initializer is null);
        ModelCheck.Run(OnnxFile.ToBytes(model), Path.GetFileName(_request.Output),
            new Dictionary<string, Shape>
            { [input.Name] = Shape.Known(_contract.InputDims(1, _patch.Height, _patch.Width)) },
            new Dictionary<string, Shape>());
        OnnxFile.Write(model, _request.Output);
    }

    private Dictionary<string, string> Facts(TrainingState state) => new()
    {
        ["steps"] = Text(state.Step),
        ["best_step"] = Text(state.BestStep),
        ["task"] = Text(_options.Task).ToLowerInvariant(),
        ["loss"] = Text(_options.Loss).ToLowerInvariant(),
        ["learning_rate"] = Text(_options.LearningRate),
        ["batch"] = Text(_options.Batch),
        ["patch"] = Text(_patch.Height),
        ["seed"] = Text(_options.Seed),
        ["pictures"] = Text(_images.Count),
        ["teacher"] = _teacher is null ? "" : Path.GetFileName(_teacher.Path),
        ["psnr_before"] = Text(Math.Round(state.Log[0].Psnr, 3)),
        ["psnr_after"] = Text(Math.Round(state.BestPsnr, 3)),
    };

    private string Recipe() => Recipes.Of(
    [
        ("model", Recipes.Fingerprint(_student.Path)), ("teacher", _teacher is null ? "" : Recipes.Fingerprint(_teacher.Path)),
        ("data", _images.Fingerprint), ("validation", string.Join(' ', Validation.Select(v => v.Name))), ("patch", _patch),
        .. Recipes.Of(_options),
    ]);

    private int Multiple() => Math.Max(_contract.SizeMultiple,
        int.TryParse(_student.Graph.GetMetadata(MetadataKeys.SizeMultiple), CultureInfo.InvariantCulture, out var m) ? m : 1);

    private (int Height, int Width) InSmallPixels((int Height, int Width) side)
    {
        var scale = _contract.InputScale;
        return ((side.Height + scale - 1) / scale, (side.Width + scale - 1) / scale);
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Frees models and the run folder.</summary>
    public void Dispose()
    {
        _teacher?.Dispose();
        _student?.Dispose();
        _folder?.Dispose();
    }
}
