using System.Security.Cryptography;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Training.Checkpoints;

/// <summary>
/// What a training's result depends on, as lines of text: two runs with the same lines end with the same weights.
/// </summary>
internal static class Recipes
{
    /// <summary>The lines.</summary>
    public static string Of(IEnumerable<(string Key, object? Value)> facts) =>
        string.Join('\n', facts.Select(f => FormattableString.Invariant($"{f.Key}={f.Value}")));

    /// <summary>The options that count.</summary>
    public static IEnumerable<(string Key, object? Value)> Of(TrainingOptions options) =>
    [
        ("task", options.Task), ("steps", options.TimeBudget is null ? options.Steps : null), ("time budget", options.TimeBudget),
        ("batch", options.Batch), ("learning rate", options.LearningRate), ("warm-up", options.WarmUp), ("loss", options.Loss),
        ("distill", options.Distill), ("distill-features", options.DistillFeatures), ("averaging", options.Averaging),
        ("clip", options.Clip),
        ("noise", string.Join(' ', options.Noise)), ("seed", options.Seed), ("validations", options.Validations),
    ];

    /// <summary>A file's content in a few letters.</summary>
    public static string Fingerprint(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(stream))[..16];
    }

    /// <summary>Refuses to go on with another recipe.</summary>
    /// <exception cref="MsSrException">They differ; the message says where (MSSR3601).</exception>
    public static void RequireSame(string wanted, string saved, string path)
    {
        if (wanted == saved)
            return;
        var different = wanted.Split('\n').Except(saved.Split('\n')).Concat(
            saved.Split('\n').Except(wanted.Split('\n'))).Select(line => line.Split('=')[0]).Distinct();
        throw new MsSrException(new Diagnostic("MSSR3601", Severity.Error,
            $"the checkpoint is of a training with another {string.Join(", ", different)}.", path,
            "Give the same options as then, or begin anew with --force instead of --resume."));
    }
}
