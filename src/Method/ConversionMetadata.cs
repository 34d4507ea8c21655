using System.Globalization;
using System.Text.Json;
using MsSrConvert.GraphIR;

namespace MsSrConvert.Method;

/// <summary>A weight that several nodes must read as one initializer.</summary>
/// <param name="Name">The initializer's name when the model was converted.</param>
/// <param name="Nodes">The names its reading nodes had then.</param>
public sealed record Tie(string Name, IReadOnlyList<string> Nodes);

/// <summary>What a converted model's metadata says of it; written by the pass that ends a conversion.</summary>
/// <param name="Branches">The number of branches n.</param>
/// <param name="Interaction">Which cross-scale kernels the interaction layers have.</param>
/// <param name="Form"><c>train</c>: shared weights are one initializer each; <c>deploy</c>: layers are written for speed.</param>
/// <param name="Roles">The source's convs in order, each with its role; empty in the deploy form.</param>
/// <param name="Ties">The shared weights in order; empty in the deploy form.</param>
public sealed record ConversionMetadata(
    int Branches, Interaction Interaction, string Form, IReadOnlyList<(string Conv, ConvRole Role)> Roles,
    IReadOnlyList<Tie> Ties)
{
    /// <summary>True for a model that is written for speed and isn't trained any more.</summary>
    public bool IsDeployed => Form == MetadataKeys.DeployForm;

    /// <summary>Reads a model's metadata; null where the model wasn't converted (or a tool dropped its metadata).</summary>
    /// <exception cref="FormatException">An entry is missing or can't be understood; the message names it.</exception>
    public static ConversionMetadata? Read(Model model)
    {
        if (model.GetMetadata(MetadataKeys.Branches) is not { } branches)
            return null;
        if (!int.TryParse(branches, NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 2)
            throw new FormatException($"{MetadataKeys.Branches} is '{branches}'");
        var (interaction, form) = (Word<Interaction>(model, MetadataKeys.Interaction), Entry(model, MetadataKeys.Form));
        // Layers and ties of the deploy form aren't those that the conversion made.
        return form == MetadataKeys.DeployForm
            ? new ConversionMetadata(n, interaction, form, [], [])
            : new ConversionMetadata(n, interaction, form,
                Object(model, MetadataKeys.Roles, p => (p.Name, Word<ConvRole>(MetadataKeys.Roles, p.Value.GetString() ?? ""))),
                Object(model, MetadataKeys.Ties,
                    p => new Tie(p.Name, [.. p.Value.EnumerateArray().Select(node => node.GetString() ?? "")])));
    }

    private static string Entry(Model model, string key) =>
        model.GetMetadata(key) ?? throw new FormatException($"{key} is missing");

    private static T Word<T>(Model model, string key) where T : struct, Enum => Word<T>(key, Entry(model, key));

    private static T Word<T>(string key, string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value)
            && Enum.IsDefined(value) ? value : throw new FormatException($"{key} says '{text}'");

    private static List<T> Object<T>(Model model, string key, Func<JsonProperty, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(Entry(model, key));
            return [.. document.RootElement.EnumerateObject().Select(read)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"{key} isn't the JSON that it should be", e);
        }
    }
}
