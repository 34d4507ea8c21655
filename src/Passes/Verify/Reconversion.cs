using System.Globalization;
using System.Text.Json;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Verify;

/// <summary>
/// What it takes to convert a model's source once more in the way that the model was made, and to see that it comes out alike.
/// </summary>
public static class Reconversion
{
    /// <summary>The options that a converted model's layers follow from.</summary>
    /// <param name="converted">The model, in train form.</param>
    /// <param name="name">Its name for messages.</param>
    /// <exception cref="MsSrException">
    /// The model is in deploy form (MSSR2201), or its metadata doesn't say how it was made (MSSR2301).
    /// </exception>
    public static ConversionOptions Options(Model converted, string name)
    {
        TrainForm.Require(converted);
        try
        {
            return ConversionMetadata.Read(converted) is { } metadata
                ? Options(converted, metadata) : throw new FormatException("it says nothing of a conversion");
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            throw new MsSrException(new Diagnostic("MSSR2301", Severity.Error,
                $"the model's metadata doesn't say how it was converted: {e.Message}.", name,
                "Give a model that mssr-convert wrote, with its metadata, or convert the source anew with --calibrate."), e);
        }
    }

    /// <summary>
    /// Makes sure that a model has the layers that converting its source again gives; weights and the order of channels may
    /// differ.
    /// </summary>
    /// <param name="converted">The model.</param>
    /// <param name="again">The source's conversion.</param>
    /// <param name="name">The model's name for messages.</param>
    /// <param name="source">The source's name for messages.</param>
    /// <exception cref="MsSrException">They differ (MSSR2302).</exception>
    public static void RequireSame(Model converted, Model again, string name, string source)
    {
        if (Difference(converted.Graph, again.Graph) is { } difference)
        {
            throw new MsSrException(new Diagnostic("MSSR2302", Severity.Error,
                $"it isn't what converting {source} gives: {difference}.", name,
                "Give the model it was converted from, or convert the source anew with --calibrate."));
        }
    }

    private static ConversionOptions Options(Model model, ConversionMetadata metadata)
    {
        var options = new ConversionOptions
        {
            Branches = metadata.Branches,
            Interaction = metadata.Interaction,
            ChannelAlign = int.TryParse(model.GetMetadata(MetadataKeys.ChannelAlign) ?? "1", NumberStyles.None,
                CultureInfo.InvariantCulture, out var align)
                ? align
                : throw new FormatException($"{MetadataKeys.ChannelAlign} isn't a number"),
            AssumeMultiple = model.GetMetadata(MetadataKeys.AnySize) == "false",
            Opset = (int)model.Opset,
        };
        // Where the defaults hold it isn't there.
        if (model.GetMetadata(MetadataKeys.Options) is not { } more)
            return options;
        using var json = JsonDocument.Parse(more);
        string? Word(string key) => json.RootElement.TryGetProperty(key, out var value) ? value.GetString() : null;
        return options with
        {
            FuseAt = Word("fuse_at") ?? options.FuseAt,
            SeparateAt = Word("separate_at") ?? options.SeparateAt,
            Keep = json.RootElement.TryGetProperty("keep", out var keep)
                ? [.. keep.EnumerateArray().Select(p => p.GetString() ?? "")] : [],
        };
    }

    private static string? Difference(Graph model, Graph again)
    {
        foreach (var (have, want, what) in new[] { (model.Inputs, again.Inputs, "input"),
            (model.Outputs, again.Outputs, "output") })
        {
            if (!have.Select(v => v.Name).SequenceEqual(want.Select(v => v.Name)))
                return $"its {what}s are {Names(have)}, not {Names(want)}";
        }

        var (found, wanted) = (ByName(model), ByName(again));
        foreach (var (name, node) in wanted)
        {
            if (!found.TryGetValue(name, out var counterpart))
                return $"it has no node '{name}' ({node.OpType})";
            if (counterpart.OpType != node.OpType)
                return $"its node '{name}' is a {counterpart.OpType}, not a {node.OpType}";
            if (Weights(counterpart) != Weights(node))
                return $"its node '{name}' has {Weights(counterpart)}, not {Weights(node)}";
        }

        return found.Keys.FirstOrDefault(name => !wanted.ContainsKey(name)) is { } more
            ? $"it has a node '{more}' ({found[more].OpType}) more" : null;
    }

    // Which nodes pick channels depends on the channels' order.
    private static Dictionary<string, Node> ByName(Graph graph) =>
        graph.Nodes.Where(n => !n.Is("Gather") && !n.Is("Split")).DistinctBy(n => n.Name).ToDictionary(n => n.Name);

    private static string Names(IReadOnlyList<Value> values) => string.Join(", ", values.Select(v => $"'{v.Name}'"));

    private static string Weights(Node node) => !node.IsConv()
        ? ""
        : "the weights " + string.Join(", ",
            node.Inputs.Skip(1).OfType<Value>()
                .Select(v => $"'{v.Name}' {(v.Initializer is { } data ? string.Join('×', data.Dims) : "(computed)")}"));
}
