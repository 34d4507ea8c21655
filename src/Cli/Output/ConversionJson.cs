using System.Text.Json;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;

namespace MsSrConvert.Cli.Output;

/// <summary>The machine-readable result of a conversion or inspection; documented in docs/cli.md.</summary>
internal static class ConversionJson
{
    /// <summary>Writes one JSON object and a line end.</summary>
    public static void Write(TextWriter output, Converted result, string? path, CalibrationTable? calibrated = null) =>
        JsonText.Write(output, writer =>
    {
        WriteObject(writer, result, path);
        calibrated?.Write(writer);
    });

    private static void WriteObject(Utf8JsonWriter writer, Converted result, string? path)
    {
        if (path is not null)
            writer.WriteString("output", path);
        WriteCost(writer, "source", result.Source.Cost);
        WriteCost(writer, "converted", result.Cost);
        writer.WriteNumber("branches", result.Plan.Branches);
        writer.WriteString("interaction", result.Plan.Options.Interaction.ToString().ToLowerInvariant());
        writer.WriteNumber("size_multiple", result.Plan.InputSizes.Multiple);
        WriteSmallest(writer, result);
        writer.WriteStartObject("input_shapes");
        foreach (var (name, shape) in result.CostShapes)
        {
            writer.WriteStartArray(name);
            foreach (var dim in shape)
                writer.WriteNumberValue(dim.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteNumber("share", Math.Round(result.Share, 4));
        writer.WriteNumber("interaction_share", Math.Round(result.InteractionShare, 4));
        writer.WriteStartArray("convs");
        foreach (var conv in result.Plan.Convs)
            WriteConv(writer, conv, result);
        writer.WriteEndArray();
    }

    private static void WriteSmallest(Utf8JsonWriter writer, Converted result)
    {
        writer.WriteStartObject("smallest_input");
        foreach (var (name, side) in new[] { ("source", result.Source.SmallestInput), ("converted", result.SmallestInput) })
        {
            if (side is { } known)
                writer.WriteNumber(name, known);
            else
                writer.WriteNull(name);
        }

        writer.WriteEndObject();
    }

    private static void WriteCost(Utf8JsonWriter writer, string name, ModelCost cost)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("params", cost.Params);
        writer.WriteNumber("macs", cost.Macs);
        writer.WriteNumber("nodes", cost.Nodes);
        writer.WriteNumber("resampled", cost.Resampled);
        writer.WriteEndObject();
    }

    private static void WriteConv(Utf8JsonWriter writer, ConvDecision conv, Converted result)
    {
        writer.WriteStartObject();
        writer.WriteString("name", conv.Node.Name);
        writer.WriteString("role", ConversionTable.RoleName(conv.Role));
        writer.WriteString("reason", conv.Reason);
        if (result.ConvMacs.TryGetValue(conv.Node.Name, out var macs))
            writer.WriteNumber("macs", macs);
        writer.WriteEndObject();
    }
}
