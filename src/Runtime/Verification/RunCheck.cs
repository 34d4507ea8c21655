using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;

namespace MsSrConvert.Runtime.Verification;

/// <summary>One thing that was checked.</summary>
/// <param name="Check">What, in a few words.</param>
/// <param name="Passed">True when it holds.</param>
/// <param name="Detail">What was found, or why it was left out.</param>
/// <param name="Tried">False where it was left out; that counts as passed.</param>
public sealed record CheckResult(string Check, bool Passed, string Detail, bool Tried = true);

/// <summary>
/// Checks by running that a model works: that it loads, runs at the sizes that the model it was made from takes (even, odd and
/// prime ones, the smallest, and each a pixel less and more), gives finite numbers, and the shapes that the other gives.
/// </summary>
public static class RunCheck
{
    private static readonly (long Height, long Width)[] Sizes = [(48, 48), (37, 53), (64, 33), (130, 130), (61, 89)];

    /// <summary>Checks a model file.</summary>
    /// <param name="path">The model.</param>
    /// <param name="against">The model it was made from, or null.</param>
    /// <param name="options">The device.</param>
    /// <returns>What was checked, in order; later checks are left out where earlier ones make them impossible.</returns>
    /// <exception cref="MsSrException">
    /// A file is missing or no ONNX model (MSSR1xxx); the device is missing (MSSR5004).
    /// </exception>
    public static IReadOnlyList<CheckResult> Run(string path, string? against = null, OnnxSessionOptions? options = null)
    {
        var results = new List<CheckResult>();
        var model = ModelFile.Read(path);
        var source = against is null ? null : ModelFile.Read(against);
        using var session = Load(path, options, "loads", results);
        using var reference = against is null ? null : Load(against, options, "the source loads", results);
        if (session is null || (against is not null && reference is null))
            return results;
        if (reference is not null)
            results.Add(SameInterface(session, reference));
        var trial = new Trial(session, reference, new SizeGuard(model), source is null ? null : new SizeGuard(source));
        foreach (var (batch, height, width) in SizesFor(session, source ?? model))
            results.AddRange(trial.At(batch, height, width));
        return results;
    }

    private static OnnxSession? Load(string path, OnnxSessionOptions? options, string check, List<CheckResult> results)
    {
        try
        {
            var session = OnnxSession.Open(path, options);
            results.Add(new CheckResult(check, true, $"ONNX Runtime on {session.Device}"));
            return session;
        }
        catch (MsSrException e) when (e.Diagnostic.Id == "MSSR5001")
        {
            results.Add(new CheckResult(check, false, e.Diagnostic.Message));
            return null;
        }
    }

    private static CheckResult SameInterface(OnnxSession session, OnnxSession reference)
    {
        var (own, other) = (Names(session), Names(reference));
        return new CheckResult("same inputs and outputs as the source", own == other,
            own == other ? own : $"{own}; the source has {other}");

        static string Names(OnnxSession s) =>
            string.Join(", ", s.Inputs.Select(i => $"{i.Name} {i.Element}")) + " -> " + string.Join(", ",
                s.Outputs.Select(o => $"{o.Name} {o.Element}"));
    }

    private static IEnumerable<(long Batch, long Height, long Width)> SizesFor(OnnxSession session, Model source)
    {
        var inputs = new TrialInputs(session.Inputs);
        if (inputs.Fit(1, 1) is null)
            return [(1, 1, 1)];
        // Who was promised multiples gets multiples.
        var padsItself = session.Metadata.GetValueOrDefault(MetadataKeys.AnySize) != "false";
        var multiple = !padsItself
            && int.TryParse(session.Metadata.GetValueOrDefault(MetadataKeys.SizeMultiple), out var m) ? m : 1;
        var smallest = inputs.Smallest(new SizeGuard(source));
        var sizes = Sizes.Append((smallest, smallest))
            .SelectMany(s => new[] { 0, -1, 1 }.Select(more => (Height: s.Item1 + more, Width: s.Item2 + more)))
            .Where(s => s.Height > 0 && s.Width > 0)
            .Select(s => inputs.Fit(Multiples.RoundUp(s.Height, multiple), Multiples.RoundUp(s.Width, multiple))!.Value)
            .Distinct()
            .Select(s => (Batch: 1L, s.Height, s.Width)).ToList();
        return inputs.IsBatchOpen ? sizes.Append((2, sizes[0].Height, sizes[0].Width)) : sizes;
    }

    /// <summary>Runs a model and the one it was made from on the same noise.</summary>
    private sealed class Trial(OnnxSession session, OnnxSession? reference, SizeGuard guard, SizeGuard? sourceGuard)
    {
        private readonly TrialInputs _inputs = new(session.Inputs);

        public IEnumerable<CheckResult> At(long batch, long height, long width)
        {
            var dims = _inputs.Dims(batch, height, width);
            var inputs = _inputs.Make(dims);
            var size = string.Join(", ", inputs.Values.Select(t => t.ToString()));
            if (!(sourceGuard ?? guard).Allows(dims))
            {
                yield return new CheckResult($"runs on {size}", true,
                    $"left out: {(reference is null ? "the model" : "the source")} doesn't take it", false);
                yield break;
            }

            IReadOnlyDictionary<string, Tensor>? expected = null;
            if (reference is not null && (expected = Try(reference, inputs, out var refusal)) is null)
            {
                yield return new CheckResult($"runs on {size}", true, $"left out: the source doesn't take it ({refusal})", false);
                yield break;
            }

            string? failure = "a value would be empty, or a window doesn't fit";
            if ((reference is not null && !guard.Allows(dims)) || Try(session, inputs, out failure) is not { } outputs)
            {
                yield return new CheckResult($"runs on {size}", false, failure!);
                yield break;
            }

            foreach (var result in Compare(size, outputs, expected))
                yield return result;
        }

        private static IEnumerable<CheckResult> Compare(
            string size, IReadOnlyDictionary<string, Tensor> outputs, IReadOnlyDictionary<string, Tensor>? expected)
        {
            var shapes = string.Join(", ", outputs.Select(o => $"{o.Key} {o.Value}"));
            yield return new CheckResult($"runs on {size}", true, shapes);
            var broken = outputs.Where(o => !o.Value.IsFinite()).Select(o => o.Key).ToArray();
            yield return new CheckResult($"finite on {size}", broken.Length == 0,
                broken.Length == 0 ? "all numbers are finite" : $"{string.Join(", ", broken)} holds infinities or NaN");
            if (expected is null)
                yield break;
            var same = expected.All(e => outputs.TryGetValue(e.Key, out var o) && o.Dims.AsSpan().SequenceEqual(e.Value.Dims));
            yield return new CheckResult($"the source's shape on {size}", same,
                same ? shapes : $"{shapes}; the source gives {string.Join(", ", expected.Select(e => $"{e.Key} {e.Value}"))}");
        }

        private static IReadOnlyDictionary<string, Tensor>? Try(
            OnnxSession session, Dictionary<string, Tensor> inputs, out string? failure)
        {
            try
            {
                failure = null;
                return session.Run(inputs);
            }
            catch (MsSrException e)
            {
                failure = e.Diagnostic.Message;
                return null;
            }
        }
    }
}
