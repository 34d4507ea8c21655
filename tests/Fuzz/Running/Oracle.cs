using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Onnx.Wire;
using MsSrConvert.Runtime;
using MsSrConvert.Runtime.Verification;
using Tensors = System.Collections.Generic.IReadOnlyDictionary<string, MsSrConvert.Runtime.Tensor>;

namespace MsSrConvert.Fuzz.Running;

/// <summary>
/// Compares what was made of a source with the source, in ONNX Runtime: names, types and order of inputs and outputs, the
/// converted model's shapes, and the values of the normal form and the deploy form.
/// </summary>
internal sealed class Oracle(Action<string> enter)
{
    private const double OfRange = 1e-4;
    private const double OfLargest = 1e-5;
    private const double OfNoise = 30;
    private const float Nudge = 1e-6f;
    private static readonly OnnxSessionOptions Options = new() { Threads = 1 };

    // Even and odd; the second pair for networks that need larger images.
    private static readonly (long Height, long Width)[][] Sizes = [[(32, 32), (37, 29)], [(72, 72), (79, 85)]];

    // For inputs that are declared to be multiples, such as 4*height.
    private static readonly (long Height, long Width)[][] Multiples = [[(32, 48)], [(96, 128)]];

    /// <summary>Judges what was made of a source.</summary>
    /// <param name="source">The source's file.</param>
    /// <param name="normal">Its normal form.</param>
    /// <param name="converted">The converted model.</param>
    /// <param name="deployed">That model's deploy form.</param>
    public Outcome Judge(byte[] source, byte[] normal, byte[] converted, byte[] deployed)
    {
        foreach (var (form, name) in new[] { (normal, "normal form"), (converted, "converted"), (deployed, "deploy form") })
        {
            if (Interface(source) is var wanted && Interface(form) is var given && wanted != given)
                return Differs($"{name}: inputs and outputs", $"{given} where the source has {wanted}");
        }

        if (TryOpen(source, out var why) is not { } reference)
            return new Outcome(OutcomeClass.Unjudged, "source isn't loaded", why);
        using (reference)
        {
            enter(Trial.Result);
            if (TryOpen(normal, out why) is not { } inNormalForm)
                return Differs("normal form isn't loaded", why);
            using var first = inNormalForm;
            if (TryOpen(converted, out why) is not { } isConverted)
                return Differs("converted isn't loaded", why);
            using var second = isConverted;
            if (TryOpen(deployed, out why) is not { } isDeployed)
                return Differs("deploy form isn't loaded", why);
            using var third = isDeployed;
            var isAnySize = reference.Inputs.SelectMany(i => i.Shape).All(d => d.IsKnown || d.IsUnknown || d.Terms is [(_, 1)]);
            return (isAnySize ? Sizes : Multiples).Select(pair => Run(reference, first, second, third, pair))
                .FirstOrDefault(o => o is not null)
                ?? new Outcome(OutcomeClass.Unjudged, "source doesn't run", "");
        }
    }

    // Null where the source runs at neither size.
    private Outcome? Run(OnnxSession source, OnnxSession normal, OnnxSession converted, OnnxSession deployed,
        (long Height, long Width)[] sizes)
    {
        var inputs = new TrialInputs(source.Inputs);
        Outcome? last = null;
        foreach (var (height, width) in sizes)
        {
            var feed = inputs.Make(inputs.Dims(1, height, width));
            enter(Trial.Source);
            if (TryRun(source, feed, out _) is not { } wanted)
                continue;
            if (WhyUncertain(source, feed, wanted) is { } uncertain)
            {
                last = new Outcome(OutcomeClass.Unjudged, uncertain, "");
                continue;
            }

            enter(Trial.Result);
            last = Same("normal form", normal, source, feed, wanted)
                ?? SameShapes(converted, feed, wanted, out var given)
                ?? (given is null ? null : Same("deploy form", deployed, converted, feed, given))
                ?? new Outcome(OutcomeClass.Converted, "", "");
            if (last.IsFailure)
                return last;
        }

        return last;
    }

    private static string? WhyUncertain(OnnxSession source, Dictionary<string, Tensor> feed, Tensors wanted)
    {
        if (!wanted.Values.All(t => t.IsFinite()))
            return "source isn't finite";
        return TryRun(source, feed, out _) is { } again && again.All(o => o.Value.MaxDifference(wanted[o.Key]) == 0)
            ? null : "source is random";
    }

    private static Outcome? SameShapes(OnnxSession converted, Dictionary<string, Tensor> feed, Tensors wanted, out Tensors? given)
    {
        given = TryRun(converted, feed, out var why);
        if (given is null)
            return Differs("converted doesn't run", why);
        foreach (var (name, tensor) in wanted)
        {
            if (!given[name].Dims.AsSpan().SequenceEqual(tensor.Dims))
                return Differs("converted: shape", $"'{name}' is {given[name]} where the source gives {tensor}");
        }

        // Weights cut apart may leave a function's domain; the tool says so (MSSR5102).
        if (!given.Values.All(t => t.IsFinite()))
            given = null;
        return null;
    }

    private static Outcome? Same(
        string what, OnnxSession form, OnnxSession before, Dictionary<string, Tensor> feed, Tensors wanted)
    {
        if (TryRun(form, feed, out var why) is not { } given)
            return Differs($"{what} doesn't run", why);
        foreach (var (name, tensor) in wanted)
        {
            if (!given[name].Dims.AsSpan().SequenceEqual(tensor.Dims))
                return Differs($"{what}: shape", $"'{name}' is {given[name]} where it should be {tensor}");
            var difference = given[name].MaxDifference(tensor);
            if (difference <= Tolerance(tensor) || difference <= Tolerance(tensor) + OfNoise * Noise(before, feed, name, tensor))
                continue;
            return Differs($"{what}: values", string.Create(CultureInfo.InvariantCulture,
                $"'{name}' differs by {difference:G3}, {tensor}, {Range(tensor):G3} wide"));
        }

        return null;
    }

    private static double Tolerance(Tensor tensor) => tensor.Data.Length == 0
        ? 0 : OfRange * Range(tensor) + OfLargest * tensor.Data.Max(Math.Abs);

    private static double Range(Tensor tensor) => tensor.Data.Length == 0 ? 0 : (double)tensor.Data.Max() - tensor.Data.Min();

    // How much rounding weighs in a network shows where its input is changed by about as much.
    private static double Noise(OnnxSession before, Dictionary<string, Tensor> feed, string name, Tensor wanted)
    {
        var nudged = feed.ToDictionary(f => f.Key, f => f.Value with
        {
            Data = [.. f.Value.Data.Select((x, i) => x * (1 + (i % 2 == 0 ? Nudge : -Nudge)))],
        });
        return TryRun(before, nudged, out _) is { } given ? given[name].MaxDifference(wanted) : double.PositiveInfinity;
    }

    private static string Interface(byte[] file)
    {
        var graph = ModelProto.Parser.ParseFrom(file).Graph;
        var initializers = graph.Initializer.Select(t => t.Name)
            .Concat(graph.SparseInitializer.Select(t => t.Values.Name)).ToHashSet();
        return $"{string.Join(", ", graph.Input.Select(i => i.Name).Where(n => !initializers.Contains(n)))} -> " +
            string.Join(", ", graph.Output.Select(o => o.Name));
    }

    private static OnnxSession? TryOpen(byte[] model, out string why)
    {
        try
        {
            why = "";
            return OnnxSession.Open(model, "model", Options);
        }
        catch (MsSrException e)
        {
            why = e.Message;
            return null;
        }
    }

    private static Tensors? TryRun(OnnxSession session, Dictionary<string, Tensor> feed, out string why)
    {
        try
        {
            why = "";
            return session.Run(feed);
        }
        catch (MsSrException e)
        {
            why = e.Message;
            return null;
        }
    }

    private static Outcome Differs(string where, string detail) => new(OutcomeClass.Difference, where, detail);
}
