using MsSrConvert.GraphIR;
using MsSrConvert.Method;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>Whether a converted model has learned anything yet, as its metadata says.</summary>
public static class UntrainedModel
{
    private static readonly string[] Untrained = ["slice", "random"];
    private static readonly string[] Later = [MetadataKeys.Calibrated, MetadataKeys.Trained];

    /// <summary>
    /// What the new layers of a converted model hold that was neither calibrated nor trained (<c>slice</c>, <c>random:7</c>);
    /// null for every other model.
    /// </summary>
    public static string? StartOf(IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(MetadataKeys.Start) is { } start && Untrained.Contains(start.Split(':')[0])
            && !Later.Any(metadata.ContainsKey) ? start : null;

    /// <summary>What has to be said before such a model is run on images; null for every other model.</summary>
    public static Diagnostic? Warning(ImageModel model) =>
        StartOf(model.Session.Metadata) is not { } start ? null : new Diagnostic(
        "MSSR1302", Severity.Warning,
        $"the model isn't trained yet: its new layers hold what the conversion began with ({start}), and the results say nothing of the network.",
        model.Name, "Train it ('finetune', 'export-pytorch'), or convert the source with --calibrate.");
}
