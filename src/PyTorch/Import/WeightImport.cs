using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Import;

/// <summary>Which value a weight gets whose copies have drifted apart.</summary>
public enum CopyMode
{
    /// <summary>None: copies must be equal.</summary>
    Refuse,
    /// <summary>Their mean.</summary>
    Mean,
    /// <summary>That of the first, which is the finest branch's.</summary>
    First,
}

/// <summary>What an import did.</summary>
/// <param name="Updated">The number of weights that got new values.</param>
/// <param name="Missing">Weights of the model for which there was none.</param>
/// <param name="Unexpected">Tensors that belong to no weight of the model.</param>
/// <param name="Joined">Weights whose copies differed and were made one.</param>
public sealed record ImportReport(int Updated, IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected,
    IReadOnlyList<string> Joined);

/// <summary>Puts trained values back into a model's weights. Only contents change: what is one initializer stays one.</summary>
public static class WeightImport
{
    private const int MostListed = 6;

    /// <summary>Sets the weights.</summary>
    /// <param name="model">The model; its constants are initializers. It isn't changed where an error is thrown.</param>
    /// <param name="given">The trained tensors.</param>
    /// <param name="source">How messages call where these come from.</param>
    /// <param name="partial">Whether weights may be missing and tensors left over.</param>
    /// <param name="copies">What becomes of copies of a shared weight that differ.</param>
    /// <param name="allowNonFinite">Whether values may be NaN or infinite.</param>
    /// <exception cref="MsSrException">
    /// Names don't match (MSSR5501), shapes differ (MSSR5502), copies of a shared weight do (MSSR5503), or values are no numbers
    /// (MSSR5505).
    /// </exception>
    public static ImportReport Apply(Model model, IReadOnlyList<GivenTensor> given, string source, bool partial = false,
        CopyMode copies = CopyMode.Refuse, bool allowNonFinite = false)
    {
        var names = new WeightNames(model.Graph);
        var skipped = names.Wrappers(given);
        var found = given.Select(t => (Tensor: t, Weight: names.Find(t, skipped))).ToLookup(f => f.Weight);
        // Single numbers are counters (num_batches_tracked), not weights.
        string[] unexpected = [.. found[null].Where(f => f.Tensor.Data.Count > 1).Select(f => f.Tensor.Name)];
        string[] missing = [.. Weights.Of(model.Graph).Where(w => !found.Contains(w)).Select(w => w.Name)];
        var matched = found.Where(f => f.Key is not null).ToArray();
        if (matched.Length == 0 || (!partial && missing.Length + unexpected.Length > 0))
            throw Mismatch(source, missing, unexpected);
        RequireShapes(source, matched.SelectMany(f => f).Select(f => (f.Tensor, f.Weight!)));
        if (!allowNonFinite)
            RequireFinite(source, matched.SelectMany(f => f).Select(f => (f.Tensor, f.Weight!)));
        var joined = matched.Where(f => Differ(f.Select(c => c.Tensor))).Select(f => f.Key!.Name).ToArray();
        if (joined.Length > 0 && copies == CopyMode.Refuse)
            throw Apart(source, joined);
        foreach (var weight in matched)
        {
            model.Graph.SetInitializer(weight.Key!,
                Merged([.. weight.Select(c => c.Tensor.Data)], weight.Key!.Initializer!, copies));
        }

        return new ImportReport(matched.Length, missing, unexpected, joined);
    }

    private static void RequireShapes(string source, IEnumerable<(GivenTensor Tensor, Value Weight)> pairs)
    {
        var wrong = pairs
            .Where(
                p => !p.Tensor.Data.Element.IsFloatingPoint()
                    || !Essential(p.Tensor.Data).SequenceEqual(Essential(p.Weight.Initializer!)))
            .Select(
                p =>
                    $"'{p.Tensor.Name}' is {p.Tensor.Data.Element} {p.Tensor.Data.Shape} where '{p.Weight.Name}' is {p.Weight.Initializer!.Element} {p.Weight.Initializer.Shape}").ToArray();
        if (wrong.Length > 0)
        {
            throw new MsSrException(
                new Diagnostic("MSSR5502", Severity.Error, $"the weights don't fit the model: {Listed(wrong)}.", source,
                "Give the model that the weights were exported from."));
        }
    }

    // In the type that the model has them in: what a float holds may be beyond a half.
    private static void RequireFinite(string source, IEnumerable<(GivenTensor Tensor, Value Weight)> pairs)
    {
        var wrong = pairs.Select(p => (p.Tensor.Name, Count: NonFinite(p.Tensor.Data, p.Weight.Initializer!.Element)))
            .Where(w => w.Count > 0)
            .Select(w => $"'{w.Name}' ({ForwardWriter.Text(w.Count)} of its elements)").ToArray();
        if (wrong.Length > 0)
        {
            throw new MsSrException(
                new Diagnostic("MSSR5505", Severity.Error, $"weights are NaN or infinite: {Listed(wrong)}.", source,
                "The training has diverged: take an earlier checkpoint. --allow-nonfinite imports them as they are."));
        }
    }

    private static int NonFinite(TensorData data, ElementType element) =>
        TensorData.OfFloating(element, data.ToFloats(), [.. data.Dims]).ToFloats().Count(v => !float.IsFinite(v));

    // PyTorch has PReLU's slopes as [C] where ONNX has [C,1,1].
    private static IEnumerable<long> Essential(TensorData data) => data.Dims.Where(d => d != 1);

    private static bool Differ(IEnumerable<GivenTensor> copies)
    {
        var floats = copies.Select(c => c.Data.ToFloats()).ToArray();
        return floats.Skip(1).Any(f => !f.AsSpan().SequenceEqual(floats[0]));
    }

    private static TensorData Merged(TensorData[] copies, TensorData old, CopyMode mode)
    {
        var values = copies[0].ToFloats();
        if (mode == CopyMode.Mean && copies.Length > 1)
        {
            var all = Array.ConvertAll(copies, c => c.ToFloats());
            values = [.. Enumerable.Range(0, values.Length).Select(i => (float)all.Average(c => (double)c[i]))];
        }

        return TensorData.OfFloating(old.Element, values, [.. old.Dims]);
    }

    private static MsSrException Mismatch(string source, string[] missing, string[] unexpected)
    {
        string[] parts =
        [
            .. missing.Length > 0
                ? [$"{ForwardWriter.Text(missing.Length)} weights of the model are missing ({Listed(missing)})"]
                : Array.Empty<string>(),
            .. unexpected.Length > 0
                ? [$"{ForwardWriter.Text(unexpected.Length)} tensors belong to none ({Listed(unexpected)})"]
                : Array.Empty<string>(),
        ];
        return new MsSrException(
            new Diagnostic("MSSR5501", Severity.Error, $"the names don't match: {string.Join(", ", parts)}.", source,
            "Give the model that the weights were exported from; --partial takes what matches."));
    }

    private static MsSrException Apart(string source, string[] joined) => new(new Diagnostic("MSSR5503", Severity.Error,
        $"{ForwardWriter.Text(joined.Length)} shared weights come as copies that differ ({Listed(joined)}): they were trained apart.", source,
        "Tie them before training (retie.py in an exported folder), or make them one with --retie mean or --retie first."));

    private static string Listed(string[] items) =>
        string.Join(", ", items.Take(MostListed))
            + (items.Length > MostListed ? $" and {ForwardWriter.Text(items.Length - MostListed)} more" : "");
}
