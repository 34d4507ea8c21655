using MsSrConvert.Imaging.ImageModels;

namespace MsSrConvert.Cli.Commands;

/// <summary>
/// What a command line asks of a training, in plain types: the command line's own assembly doesn't know the training's.
/// </summary>
internal sealed record FinetuneOptions
{
    /// <summary>The model to train.</summary>
    public required FileInfo Model { get; init; }

    /// <summary>The file for the trained model.</summary>
    public required FileInfo Output { get; init; }

    /// <summary>Folders of training images.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A folder of images to measure on; null to keep some of <see cref="Data"/> back.</summary>
    public string? Validation { get; init; }

    /// <summary>A trained model to learn from as well, or null.</summary>
    public string? Teacher { get; init; }

    /// <summary>What is said about the model's images.</summary>
    public required ContractOptions Contract { get; init; }

    /// <summary><c>sr</c>, <c>denoise</c> or <c>pairs</c>; null for what the model does.</summary>
    public string? Task { get; init; }

    /// <summary>Steps to train.</summary>
    public int Steps { get; init; }

    /// <summary>How long to train, in place of a number of steps.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Patches in a step.</summary>
    public int Batch { get; init; }

    /// <summary>Side of a patch in pixels of the model's input.</summary>
    public int Patch { get; init; }

    /// <summary>The largest learning rate; null for the one that fits the model.</summary>
    public double? LearningRate { get; init; }

    /// <summary>The share of the training in which the learning rate rises, 0..1.</summary>
    public double WarmUp { get; init; }

    /// <summary>The reconstruction loss: <c>l1</c> or <c>charbonnier</c>.</summary>
    public required string Loss { get; init; }

    /// <summary>The share of the loss that is the distance to the teacher's output, 0..1.</summary>
    public double Distill { get; init; }

    /// <summary>The weight of the distance to the teacher's features.</summary>
    public double DistillFeatures { get; init; }

    /// <summary>How slowly the averaged weights follow, 0..1.</summary>
    public double Averaging { get; init; }

    /// <summary>The largest norm of the gradient; 0 for no limit.</summary>
    public double Clip { get; init; }

    /// <summary>Noise levels in grey levels.</summary>
    public required IReadOnlyList<double> Noise { get; init; }

    /// <summary>Seed of patches and noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>Pixels that an image file may have.</summary>
    public long MaxPixels { get; init; }

    /// <summary>True to train on an NVIDIA GPU.</summary>
    public bool Cuda { get; init; }

    /// <summary>Threads that compute; 0 for all cores.</summary>
    public int Threads { get; init; }

    /// <summary>True to go on from a checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>True to replace what an earlier run left.</summary>
    public bool Force { get; init; }

    /// <summary>True to print the result as JSON.</summary>
    public bool Json { get; init; }
}
