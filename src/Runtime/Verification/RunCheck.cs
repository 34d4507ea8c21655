using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx;
using MsSrConvert.Runtime.ImageModels;

namespace MsSrConvert.Runtime.Verification;

/// <summary>One thing that was checked.</summary>
/// <param name="Check">What, in a few words.</param>
/// <param name="Passed">True when it holds.</param>
/// <param name="Detail">What was found.</param>
public sealed record CheckResult(string Check, bool Passed, string Detail);

/// <summary>Checks by running that a model works: that it loads, runs at even and odd sizes, gives finite numbers, and the shapes that
/// the model it was made from gives.</summary>
public static class RunCheck
{
    private static readonly (int Height, int Width)[] Sizes = [(48, 48), (37, 53), (64, 33), (96, 128)];

    /// <summary>Checks a model file.</summary>
    /// <param name="path">The model.</param>
    /// <param name="against">The model it was made from, or null.</param>
    /// <param name="options">The device.</param>
    /// <returns>What was checked, in order; later checks are left out where earlier ones make them impossible.</returns>
    /// <exception cref="MsSrException">A file is missing or no ONNX model (MSSR1xxx); the device is missing (MSSR5004).</exception>
    public static IReadOnlyList<CheckResult> Run(string path, string? against = null, OnnxSessionOptions? options = null)
    {
        var results = new List<CheckResult>();
        var model = OnnxFile.Read(path);
        var source = against is null ? null : OnnxFile.Read(against);
        using var session = Load(path, options, "loads", results);
        using var reference = against is null ? null : Load(against, options, "the source loads", results);
        if (session is null || (against is not null && reference is null))
            return results;
        if (reference is not null)
            results.Add(SameInterface(session, reference));
        foreach (var (batch, height, width) in SizesFor(session, model, source))
            results.AddRange(AtSize(session, reference, batch, height, width));
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
        return new CheckResult("same inputs and outputs as the source", own == other, own == other ? own : $"{own}; the source has {other}");

        static string Names(OnnxSession s) =>
            string.Join(", ", s.Inputs.Select(i => $"{i.Name} {i.Element}")) + " -> " + string.Join(", ", s.Outputs.Select(o => $"{o.Name} {o.Element}"));
    }

    private static IEnumerable<(int Batch, int Height, int Width)> SizesFor(OnnxSession session, Model model, Model? source)
    {
        var shape = session.Inputs.Count > 0 ? session.Inputs[0].Shape : new Shape();
        if (shape.Rank != 4)
            return [(1, 1, 1)];
        var padsItself = session.Metadata.GetValueOrDefault("mssr.any_size") != "false";
        var multiple = !padsItself && int.TryParse(session.Metadata.GetValueOrDefault("mssr.size_multiple"), out var m) ? m : 1;
        var guards = new[] { model, source }.OfType<Model>().Select(g => new SizeGuard(g)).ToArray();
        var fitting = Sizes.Select(s => (1, Multiples.RoundUp(s.Height, multiple), Multiples.RoundUp(s.Width, multiple))).Distinct()
            .Where(s => guards.All(g => g.Allows(RandomInput.For(session.Inputs[0], s.Item2, s.Item3).Dims))).ToList();
        if (!shape[0].IsKnown && fitting.Count > 0)
            fitting.Add((2, fitting[0].Item2, fitting[0].Item3));
        return fitting;
    }

    private static IEnumerable<CheckResult> AtSize(OnnxSession session, OnnxSession? reference, int batch, int height, int width)
    {
        var inputs = session.Inputs.ToDictionary(i => i.Name, i => Batched(RandomInput.For(i, height, width), i, batch));
        var size = string.Join(", ", inputs.Values.Select(t => t.ToString()));
        if (Try(session, inputs, out var failure) is not { } outputs)
        {
            // A source that can't take a size doesn't oblige what is made of it.
            if (reference is null || Try(reference, inputs, out _) is not null)
                yield return new CheckResult($"runs on {size}", false, failure!);
            yield break;
        }

        var shapes = string.Join(", ", outputs.Select(o => $"{o.Key} {o.Value}"));
        yield return new CheckResult($"runs on {size}", true, shapes);
        var broken = outputs.Where(o => !o.Value.IsFinite()).Select(o => o.Key).ToArray();
        yield return new CheckResult($"finite on {size}", broken.Length == 0,
            broken.Length == 0 ? "all numbers are finite" : $"{string.Join(", ", broken)} holds infinities or NaN");
        if (reference is null || Try(reference, inputs, out _) is not { } expected)
            yield break;
        var same = expected.All(e => outputs.TryGetValue(e.Key, out var o) && o.Dims.AsSpan().SequenceEqual(e.Value.Dims));
        yield return new CheckResult($"the source's shape on {size}", same,
            same ? shapes : $"{shapes}; the source gives {string.Join(", ", expected.Select(e => $"{e.Key} {e.Value}"))}");
    }

    private static Tensor Batched(Tensor tensor, TensorInfo info, int batch) =>
        batch == 1 || info.Shape.Rank == 0 ? tensor : RandomInput.Of(0, 0, 1, [batch, .. tensor.Dims[1..]]);

    private static IReadOnlyDictionary<string, Tensor>? Try(OnnxSession session, Dictionary<string, Tensor> inputs, out string? failure)
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
