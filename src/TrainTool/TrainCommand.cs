using System.CommandLine;
using System.Globalization;
using MsSrConvert.Cli;
using MsSrConvert.Cli.Commands;
using MsSrConvert.Cli.Output;
using MsSrConvert.GraphIR;
using MsSrConvert.Imaging.Evaluation;
using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;
using MsSrConvert.Training;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Loop;
using MsSrConvert.Training.Optimization;
using MsSrConvert.Training.Reports;

namespace MsSrConvert.TrainTool;

/// <summary>Trains, shows how it goes, and measures what came out.</summary>
/// <param name="console">Where to write.</param>
/// <param name="inputs">The options.</param>
/// <param name="engines">The forms of libtorch to choose from.</param>
internal sealed class TrainCommand(CommandConsole console, FinetuneInputs inputs, EngineChoice engines)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private double _shown;

    /// <summary>Adds arguments, options and the action to a command.</summary>
    public static void AddTo(Command command, CommandConsole console, EngineChoice engines)
    {
        var inputs = new FinetuneInputs();
        inputs.AddTo(command);
        command.SetAction(new TrainCommand(console, inputs, engines).Run);
    }

    private int Run(ParseResult parsed)
    {
        var given = inputs.Read(parsed);
        try
        {
            return Train(given);
        }
        catch (EngineFault fault)
        {
            string[] resume = fault.CanResume && !given.Resume ? ["--resume"] : [];
            return engines.GoOn(fault, [.. parsed.Tokens.Select(t => t.Value), .. resume]);
        }
    }

    private int Train(FinetuneOptions given)
    {
        OutputFile.Check(given.Output, given.Force || given.Resume, given.Model);
        console.Interruption.WaitForWork();
        using var tuner = new FineTuner(Request(given, console.Report), engines.Form);
        ContractTable.Print(console, tuner.Image);
        console.Error.WriteLine(tuner.Plan);
        Report(
            ProgressBar.During(console,
                show => tuner.RunGuarded(at => Show(at, show), console.Token, console.Error.WriteLine)), given);
        return ExitCodes.Ok;
    }

    private void Report(FineTuneResult result, FinetuneOptions given)
    {
        console.Error.WriteLine(string.Create(Culture,
            $"{(result.End == TrainingEnd.Interrupted ? "interrupted after" : "trained")} {result.Steps} steps in {TimeSpan.FromSeconds((long)result.Seconds)}; validation PSNR {result.StartPsnr:0.00} → {result.BestPsnr:0.00} dB (step {result.BestStep})"));
        console.Error.WriteLine($"wrote {result.Output}, {string.Join(", ", result.Files)}");
        if (result.End == TrainingEnd.Interrupted)
            console.Error.WriteLine("go on with the same command and --resume");
        if (given.Json)
            WriteJson(result);
        else
            Evaluate(result, given);
    }

    // The same figures as `eval` gives, by ONNX Runtime and on whole images, before and after.
    private void Evaluate(FineTuneResult result, FinetuneOptions given)
    {
        string[] paths = given.Teacher is { } teacher
            ? [result.Output, given.Model.FullName, teacher] : [result.Output, given.Model.FullName];
        var models = new List<ImageModel>();
        try
        {
            foreach (var path in paths)
                models.Add(ImageModel.Open(path, given.Contract));
            foreach (var model in models)
                model.ReadLike(models[0]);
            var noise = models[0].Contract.Task == ImageTask.Restoration
                && given.Task != "pairs" ? given.Noise[0] : (double?)null;
            var options = new EvalOptions
            {
                Scale = models[0].Contract.Factor,
                NoiseSigma = noise,
                Seed = given.Seed,
                Reading = new ImageReading { MaxPixels = given.MaxPixels }
            };
            var report = new Evaluator(models, options).Run(result.Validation);
            new EvalTable(report, paths, [.. paths.Zip(models, EvalCommand.Cost)]).Print(console.Tables());
        }
        finally
        {
            models.ForEach(m => m.Dispose());
        }
    }

    private void WriteJson(FineTuneResult result) => JsonText.Write(console.Out, writer =>
    {
        writer.WriteString("output", result.Output);
        writer.WriteString("end", result.End.ToString().ToLowerInvariant());
        writer.WriteNumber("steps", result.Steps);
        writer.WriteFigure("seconds", result.Seconds, 1);
        writer.WriteNumber("learning_rate", result.LearningRate);
        writer.WriteNumber("best_step", result.BestStep);
        writer.WriteFigure("psnr_before", result.StartPsnr, 4);
        writer.WriteFigure("psnr_after", result.BestPsnr, 4);
        TrainingLog.WriteEntries(writer, result.Log);
    });

    private static FineTuneRequest Request(FinetuneOptions given, Action<Diagnostic> warn) => new()
    {
        Reading = new ImageReading { MaxPixels = given.MaxPixels, Warn = warn },
        Model = given.Model.FullName,
        Output = given.Output.FullName,
        RunFolder = Path.ChangeExtension(given.Output.FullName, ".training"),
        Data = given.Data,
        Validation = given.Validation,
        Teacher = given.Teacher,
        Contract = given.Contract,
        Resume = given.Resume,
        Force = given.Force,
        Cuda = given.Cuda,
        Threads = given.Threads,
        Options = new TrainingOptions
        {
            Task = given.Task switch
            {
                "sr" => TrainingTask.SuperResolution,
                "denoise" => TrainingTask.Denoising,
                "pairs" => TrainingTask.Pairs,
                _ => null
            },
            Steps = given.Steps,
            TimeBudget = given.TimeBudget,
            Batch = given.Batch,
            Patch = given.Patch,
            LearningRate = given.LearningRate,
            WarmUp = given.WarmUp,
            Loss = given.Loss == "l1" ? PixelLoss.L1 : PixelLoss.Charbonnier,
            Distill = given.Distill,
            DistillFeatures = given.DistillFeatures,
            Averaging = given.Averaging,
            Clip = given.Clip,
            Noise = given.Noise,
            Seed = given.Seed,
        },
    };

    // Where nothing can move, as in a log file, a line stands for every measurement.
    private void Show(TrainingProgress at, Action<ProgressBar.Step> show)
    {
        var step = Step(at);
        show(step);
        if (at.Psnr.Equals(_shown) || console.ErrorTerminal() is not null)
            return;
        _shown = at.Psnr;
        console.Error.WriteLine($"{step.Text}, {step.Rate}");
    }

    private static ProgressBar.Step Step(TrainingProgress at) => new(
        string.Create(Culture, $"step {at.Step}, loss {at.Loss:0.0000}, {at.Psnr:0.00} dB"), at.Share,
        string.Create(Culture, $"{at.StepsPerSecond:0.00} steps/s"), at.Remaining);
}
