using System.Globalization;
using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;

namespace MsSrConvert.Passes.Verify;

/// <summary>How a check ended.</summary>
public enum FindingStatus
{
    /// <summary>It holds.</summary>
    Passed,
    /// <summary>It doesn't hold.</summary>
    Failed,
    /// <summary>It doesn't apply, or there is nothing to compare with.</summary>
    Skipped,
}

/// <summary>One thing that was checked.</summary>
/// <param name="Check">What, in a few words.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Detail">What was found.</param>
public sealed record StructureFinding(string Check, FindingStatus Status, string Detail);

/// <summary>What a model's structure says.</summary>
/// <param name="Metadata">What the model says of itself; null where it says nothing that can be read.</param>
/// <param name="Findings">What was checked, in order.</param>
/// <param name="Ties">Every recorded tie; empty where they aren't looked at.</param>
public sealed record StructureReport(ConversionMetadata? Metadata, IReadOnlyList<StructureFinding> Findings,
    IReadOnlyList<TieState> Ties);

/// <summary>
/// Checks from the graph alone that a converted model still is what its metadata says: that shared weights are one initializer
/// each, that every layer has its parts, and that its opset is one that runtimes and importers take.
/// </summary>
public static class ModelVerifier
{
    // What GPU runtimes and importers take without exception.
    private const long WidestTakenOpset = 17;

    /// <summary>Checks a model; weights held by Constant nodes are made initializers, nothing else is changed.</summary>
    public static StructureReport Check(Model model)
    {
        new LiftConstants().Run(model, new PassContext());
        var opset = Opset(model);
        ConversionMetadata? metadata;
        try
        {
            metadata = ConversionMetadata.Read(model);
        }
        catch (FormatException e)
        {
            return new StructureReport(null, [new("metadata", FindingStatus.Failed, $"{e.Message}."), opset], []);
        }

        if (metadata is null)
        {
            return new StructureReport(null,
                [new("metadata", FindingStatus.Skipped, "the model says nothing of a conversion: ties and roles aren't checked"),
                    opset], []);
        }

        IReadOnlyList<TieState> ties = metadata.IsDeployed ? [] : TieFinder.Run(model.Graph, metadata.Ties);
        return new StructureReport(metadata, [Known(model, metadata), opset, TieFinding(metadata, ties), Roles(model, metadata)],
            ties);
    }

    private static StructureFinding Known(Model model, ConversionMetadata metadata) =>
        new("metadata", FindingStatus.Passed, Invariant(
        $"{metadata.Branches} branches, {metadata.Interaction.ToString().ToLowerInvariant()} interaction, {metadata.Form} form{Calibrated(model)}"));

    private static string Calibrated(Model model)
    {
        if (model.GetMetadata(MetadataKeys.Calibrated) is not { } text)
            return "";
        try
        {
            using var json = JsonDocument.Parse(text);
            var from = json.RootElement.TryGetProperty("validation_db", out var db)
                ? Invariant($" ({db.GetDouble():0.0} dB from the source)") : "";
            return Invariant($", calibrated on {json.RootElement.GetProperty("patches").GetInt32()} patches{from}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return ", calibrated";
        }
    }

    private static StructureFinding Opset(Model model)
    {
        var range = Invariant($"{OpsetRange.Oldest} to {WidestTakenOpset}");
        return model.Opset switch
        {
            < OpsetRange.Oldest or > OpsetRange.Newest => new("opset", FindingStatus.Failed,
                Invariant($"{model.Opset} is outside {OpsetRange.Oldest} to {OpsetRange.Newest}, which converted models have")),
            > WidestTakenOpset => new("opset", FindingStatus.Passed,
                Invariant($"{model.Opset}; some GPU runtimes and importers take {range} only")),
            _ => new("opset", FindingStatus.Passed, Invariant($"{model.Opset}, within {range}")),
        };
    }

    private static StructureFinding TieFinding(ConversionMetadata metadata, IReadOnlyList<TieState> ties)
    {
        if (metadata.IsDeployed)
            return new("ties", FindingStatus.Skipped, "the deploy form may write shared weights apart: they aren't checked");
        var broken = ties.Where(t => t.IsBroken).ToArray();
        if (broken.Length > 0)
        {
            return new("ties", FindingStatus.Failed, Invariant(
                $"{broken.Length} of {ties.Count} shared weights are no longer one: they were copied node by node"));
        }

        var lost = ties.Where(t => !t.IsIntact).ToArray();
        if (lost.Length > 0)
        {
            return new("ties", FindingStatus.Failed, Invariant(
                $"{lost.Length} of {ties.Count} shared weights can't be followed: the graph has no conv '{lost[0].Missing[0]}' with a constant weight"));
        }

        // Several ties on one initializer mean the same kernel for different layers, which training would then hold together.
        var merged = ties.GroupBy(t => t.Copies[0]).FirstOrDefault(g => g.Count() > 1);
        return merged is null
            ? new("ties", FindingStatus.Passed, Invariant($"{ties.Count} shared weights, each one initializer"))
            : new("ties", FindingStatus.Failed,
                $"'{merged.Key.Name}' stands for {string.Join(" and ", merged.Select(t => $"'{t.Tie.Name}'"))}, which are different weights");
    }

    private static StructureFinding Roles(Model model, ConversionMetadata metadata)
    {
        if (metadata.IsDeployed)
            return new("roles", FindingStatus.Skipped, "the deploy form may spell layers otherwise: they aren't compared");
        var (missing, wanted) = RoleCheck.Run(model.Graph, metadata);
        if (missing.Count > 0)
        {
            return new("roles", FindingStatus.Failed, Invariant(
                $"{missing.Count} of the {wanted} convs that the recorded roles ask for aren't there: {string.Join(", ", missing.Take(3))}{(missing.Count > 3 ? ", …" : "")}"));
        }

        var counts = metadata.Roles.CountBy(r => r.Role).ToDictionary();
        return new("roles", FindingStatus.Passed, string.Join(", ", Enum.GetValues<ConvRole>().Where(counts.ContainsKey)
            .Select(role => Invariant($"{counts[role]} {role.ToString().ToLowerInvariant()}"))) + ", as recorded");
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
