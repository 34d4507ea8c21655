using MsSrConvert.Training.Optimization;

namespace MsSrConvert.Training;

/// <summary>What a network is trained to do.</summary>
public enum TrainingTask
{
    /// <summary>Enlarge what MATLAB's bicubic has made small.</summary>
    SuperResolution,
    /// <summary>Take out Gaussian noise.</summary>
    Denoising,
    /// <summary>Turn one given image into the other.</summary>
    Pairs,
}

/// <summary>How a network is trained.</summary>
public sealed record TrainingOptions
{
    /// <summary>The task; null for the one that the network's contract has.</summary>
    public TrainingTask? Task { get; init; }

    /// <summary>How many steps; ignored where there is a time budget.</summary>
    public long Steps { get; init; } = 5000;

    /// <summary>How long the training may take, checks between included; the schedule then follows the time.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Patches in a step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>
    /// Side of the patches in pixels of the network's input; rounded up to the multiple that the network needs.
    /// </summary>
    public int Patch { get; init; } = 48;

    /// <summary>The largest learning rate; null for the one that fits the start.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The share of the training in which the rate rises.</summary>
    public double WarmUp { get; init; } = 0.02;

    /// <summary>What is made small.</summary>
    public PixelLoss Loss { get; init; }

    /// <summary>
    /// How much of the loss is the distance to the teacher's output, 0..1; the rest is the distance to the true image.
    /// </summary>
    public double Distill { get; init; } = 0.5;

    /// <summary>The weight of the distance to the teacher's features behind fusion layers; 0 leaves them out.</summary>
    public double DistillFeatures { get; init; }

    /// <summary>How slowly the averaged weights, which are the result, follow the trained ones; 0 for not at all.</summary>
    public double Averaging { get; init; } = 0.999;

    /// <summary>The largest norm of the gradient; 0 for no limit.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Noise levels in grey levels that a denoiser is trained on.</summary>
    public IReadOnlyList<double> Noise { get; init; } = [25];

    /// <summary>Chooses patches and noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>How often quality is measured, and the state written, during the training.</summary>
    public int Validations { get; init; } = 20;

    /// <summary>How long the state may go unwritten in between.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(1);
}
