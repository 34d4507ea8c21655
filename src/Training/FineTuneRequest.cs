using MsSrConvert.Imaging.ImageModels;
using MsSrConvert.Imaging.Images;

namespace MsSrConvert.Training;

/// <summary>A model to train, what with, and where the result goes.</summary>
public sealed record FineTuneRequest
{
    /// <summary>The model, converted or not.</summary>
    public required string Model { get; init; }

    /// <summary>The file for the trained model.</summary>
    public required string Output { get; init; }

    /// <summary>The folder for checkpoint, log and plot; it is made.</summary>
    public required string RunFolder { get; init; }

    /// <summary>Folders of images to train on.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>A folder of images to measure on; null to keep some of <see cref="Data"/> back for that.</summary>
    public string? Validation { get; init; }

    /// <summary>The model that shows how it ought to be done, or null.</summary>
    public string? Teacher { get; init; }

    /// <summary>What the user says about the model's images.</summary>
    public ContractOptions Contract { get; init; } = new();

    /// <summary>How images are opened, and who is told of those that are left out.</summary>
    public ImageReading Reading { get; init; } = ImageReading.Default;

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>True to go on from the run folder's checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>True to replace what an earlier run left.</summary>
    public bool Force { get; init; }

    /// <summary>True to train on an NVIDIA GPU.</summary>
    public bool Cuda { get; init; }

    /// <summary>Threads that compute; 0 for all cores.</summary>
    public int Threads { get; init; }
}
