using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>A size to try a model at.</summary>
/// <param name="Inputs">The inputs' shapes, by name.</param>
/// <param name="Outputs">The outputs' shapes that must come out, by name; others aren't known.</param>
public sealed record SizeTrial(IReadOnlyDictionary<string, Shape> Inputs, IReadOnlyDictionary<string, Shape> Outputs);

/// <summary>The third stage of a conversion: the converted model, and what it was made of.</summary>
/// <param name="Form">The source in normal form.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="Model">The converted model.</param>
/// <param name="Branches">
/// The branches in <paramref name="Model"/> that took the place of a source value, finest first, by the value's name.
/// </param>
/// <param name="ConvMacs">The multiply-adds of the source's convs at <see cref="CostShapes"/>, by node name.</param>
/// <param name="Cost">What the converted model costs there.</param>
/// <param name="SmallestInput">The smallest square image it takes, in pixels a side; null where none up to 4096 fits.</param>
/// <param name="Diagnostics">Messages of all passes, the normal form's first.</param>
public sealed record Converted(
    NormalForm Form,
    ConversionPlan Plan,
    Model Model,
    IReadOnlyDictionary<string, IReadOnlyList<Value>> Branches,
    IReadOnlyDictionary<string, long> ConvMacs,
    ModelCost Cost,
    long? SmallestInput,
    IReadOnlyList<Diagnostic> Diagnostics)
{
    private const long OddHeight = 37;
    private const long OddWidth = 53;

    /// <summary>What is known of the source.</summary>
    public SourceFacts Source => Form.Source;

    /// <summary>The input shapes the costs were counted at, by input name.</summary>
    public IReadOnlyDictionary<string, Shape> CostShapes => Source.CostShapes;

    /// <summary>The share of the source convs' multiply-adds that takes part, 0 to 1.</summary>
    public double Share => ShareOf(role => role != ConvRole.Kept);

    /// <summary>
    /// The share that becomes interaction layers, 0 to 1: separation layers save nothing, fusion layers little.
    /// </summary>
    public double InteractionShare => ShareOf(role => role == ConvRole.Interaction);

    /// <summary>
    /// Inputs to try the result on, by name, and the source's output shapes there: <see cref="CostShapes"/>, and an odd size
    /// where the source takes one.
    /// </summary>
    public IReadOnlyList<SizeTrial> Trials()
    {
        var usual = new SizeTrial(CostShapes, Source.OutputShapes);
        // Odd sizes are where padding shows; a source of fixed size, or one that takes multiples only, has none.
        var more = Source.SmallestInput is { } side && side > OddHeight ? (side - OddHeight + 1) / 2 * 2 : 0;
        var multiple = Plan.Options.AssumeMultiple ? Plan.InputSizes.Multiple : 1;
        var odd = Source.InputShapes(Multiples.RoundUp(OddHeight + more, multiple), Multiples.RoundUp(OddWidth + more, multiple));
        return odd.All(shape => CostShapes.TryGetValue(shape.Key, out var same) && same.Equals(shape.Value))
            || Source.OutputShapesAt(odd) is not { } outputs
                ? [usual]
                : [usual, new SizeTrial(odd, outputs)];
    }

    private double ShareOf(Func<ConvRole, bool> takesPart) =>
        (double)Plan.Convs.Where(c => takesPart(c.Role)).Sum(c => ConvMacs.GetValueOrDefault(c.Node.Name)) / Math.Max(1,
            ConvMacs.Values.Sum());
}
