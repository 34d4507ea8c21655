using System.Diagnostics;
using MsSrConvert.Training.Data;
using MsSrConvert.Training.Engine;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Losses;
using MsSrConvert.Training.Optimization;
using MsSrConvert.Training.Tensors;
using MsSrConvert.Training.Validation;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Loop;

/// <summary>How a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All steps were done.</summary>
    Complete,
    /// <summary>It was asked to stop.</summary>
    Interrupted,
    /// <summary>The loss grew, or wasn't a number any more.</summary>
    Diverged,
}

/// <summary>How a step ended.</summary>
internal enum StepEnd
{
    /// <summary>The weights have changed.</summary>
    Done,
    /// <summary>They have, but the loss is ten times the least it has been.</summary>
    Grown,
    /// <summary>Loss or gradient isn't a number; the weights are as before.</summary>
    NotFinite,
}

/// <summary>How far a training is.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Share">The share of the training that is done, 0..1.</param>
/// <param name="StepsPerSecond">Speed since the start or the resumption, checks left out.</param>
/// <param name="Remaining">The time that is left.</param>
/// <param name="Loss">The running mean of the loss; NaN before the first step.</param>
/// <param name="Psnr">The last measurement in dB.</param>
public sealed record TrainingProgress(long Step, double Share, double StepsPerSecond, TimeSpan? Remaining, double Loss,
    double Psnr);

/// <summary>The training loop.</summary>
/// <param name="network">The network.</param>
/// <param name="objective">What is made small.</param>
/// <param name="sampler">Where batches come from.</param>
/// <param name="validator">Measures quality.</param>
/// <param name="options">How it is trained; the learning rate is set.</param>
/// <param name="guard">Compares the engine with another one whenever weights are kept.</param>
/// <param name="checkpoint">The file that the state is written to.</param>
internal sealed class Trainer(
    TorchNetwork network, Objective objective, PatchSampler sampler, Validator validator, TrainingOptions options,
    EngineGuard guard, string checkpoint)
{
    private const long StepsBeforeDivergenceCounts = 100;
    private const double Divergence = 10;

    private readonly Stopwatch _training = new();

    /// <summary>True once the state has been written.</summary>
    public bool HasSaved { get; private set; }

    /// <summary>Trains until the end of the schedule.</summary>
    /// <param name="state">Where it begins, and what it changes.</param>
    /// <param name="report">Told about every step.</param>
    /// <param name="measured">Told about every measurement.</param>
    /// <param name="cancel">Stops after the step that is being done.</param>
    /// <exception cref="EngineFault">libtorch has begun to compute wrong numbers.</exception>
    /// <exception cref="GraphIR.MsSrException">The loss isn't a number before anything is trained (MSSR5607).</exception>
    public TrainingEnd Run(TrainingState state, Action<TrainingProgress> report, Action measured, CancellationToken cancel)
    {
        var (clock, earlier, firstStep) = (Stopwatch.StartNew(), state.Seconds, state.Step);
        var saved = TimeSpan.Zero;
        if (state.Log.Count == 0)
            Measure(state, measured);
        using var loader = new BatchLoader(sampler, state.Step);
        var share = Share(state);
        while (share < 1)
        {
            var rate = Schedule.RateAt(options.LearningRate!.Value, share, options.WarmUp);
            _training.Start();
            var batch = loader.Next();
            var end = Step(network, objective, state, batch, rate, options);
            _training.Stop();
            if (end != StepEnd.Done)
            {
                guard.TryEngine();
                guard.Compare(state.Weights);
                if (end == StepEnd.NotFinite)
                    guard.Diagnosis.Explain(objective, state.Weights, state.Step, batch);
                return TrainingEnd.Diverged;
            }

            state.Seconds = earlier + clock.Elapsed.TotalSeconds;
            var before = share;
            share = Share(state);
            var isDue = share >= 1 || (int)(share * options.Validations) > (int)(before * options.Validations);
            if (isDue)
            {
                guard.Compare(state.Average);
                Measure(state, measured);
            }

            report(Progress(state, share, (state.Step - firstStep) / _training.Elapsed.TotalSeconds));
            var stop = cancel.IsCancellationRequested;
            if (stop || isDue || clock.Elapsed - saved > options.CheckpointEvery)
            {
                if (!isDue)
                    guard.Compare(state.Average);
                state.Save(checkpoint);
                HasSaved = true;
                saved = clock.Elapsed;
            }

            if (stop && share < 1)
                return TrainingEnd.Interrupted;
        }

        return TrainingEnd.Complete;
    }

    /// <summary>One step: the loss and its gradient, the optimiser, the running averages.</summary>
    internal static StepEnd Step(TorchNetwork network, Objective objective, TrainingState state, TrainingBatch batch, double rate,
        TrainingOptions options)
    {
        using var scope = NewDisposeScope();
        state.Weights.Gradient!.zero_();
        using var loss = objective.Of(network, state.Weights, batch);
        loss.backward();
        var value = Scalars.Read(loss);
        if (!float.IsFinite(value) || !state.Adam.Step(state.Step + 1, rate, options.Clip))
            return StepEnd.NotFinite;
        state.Step++;
        state.Count(value);
        state.Follow(options.Averaging);
        return state.Step < StepsBeforeDivergenceCounts
            || state.Loss < Divergence * state.LeastLoss ? StepEnd.Done : StepEnd.Grown;
    }

    private void Measure(TrainingState state, Action measured)
    {
        var rate = Schedule.RateAt(options.LearningRate!.Value, Share(state), options.WarmUp);
        state.Measured(validator.Psnr(network, state.Average), rate);
        measured();
    }

    private double Share(TrainingState state) => options.TimeBudget is { } budget
        ? Math.Min(1, state.Seconds / budget.TotalSeconds)
        : (double)state.Step / options.Steps;

    private TrainingProgress Progress(TrainingState state, double share, double speed)
    {
        TimeSpan? remaining = options.TimeBudget is { } budget ? budget * (1 - share)
            : speed > 0 ? TimeSpan.FromSeconds((options.Steps - state.Step) / speed) : null;
        return new TrainingProgress(state.Step, share, speed, remaining, state.Loss, state.Log[^1].Psnr);
    }
}
