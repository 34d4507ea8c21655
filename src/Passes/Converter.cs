using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Verify;

namespace MsSrConvert.Passes;

/// <summary>The whole way of a model: normal form, plan, converted; planned again where sizes aren't proven to meet.</summary>
public static class Converter
{
    /// <summary>Converts a model.</summary>
    /// <param name="model">The source; rewritten in place, so that it is of no use afterwards.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="start">Where the new kernels' values come from.</param>
    /// <param name="costShapes">
    /// Shapes to count costs at, by input name; null for the model's own, 128×128 where it leaves them open.
    /// </param>
    /// <param name="evaluate">
    /// Computes nodes of constants whose operators the passes don't compute themselves; null for none.
    /// </param>
    /// <param name="extra">Passes to run around the stages; null for none.</param>
    /// <param name="observers">Told about every pass.</param>
    /// <exception cref="MsSrException">
    /// An option makes no sense, or the model can't be handled; see the other overload and <see cref="NormalForm.Of"/>.
    /// </exception>
    public static Converted Convert(
        Model model,
        ConversionOptions options,
        IKernelInitializer start,
        IReadOnlyDictionary<string, Shape>? costShapes = null,
        NodeEvaluator? evaluate = null,
        ExtraPasses? extra = null,
        params IReadOnlyList<IPassObserver> observers)
    {
        Planner.Check(options);
        var form = NormalForm.Of(model, new NormalFormOptions
        {
            Opset = options.Opset,
            Again = options.Again,
            CostShapes = costShapes,
            Evaluate = evaluate,
            Extra = extra ?? ExtraPasses.None,
        }, observers);
        return Convert(form, options, start, observers: observers);
    }

    /// <summary>Converts a source in normal form, which is not changed.</summary>
    /// <param name="form">The source.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="start">Where the new kernels' values come from.</param>
    /// <param name="sensitivity">
    /// How much channels would lose at half size, as for <see cref="Planner.Plan"/>; null for source order.
    /// </param>
    /// <param name="observers">Told about every pass.</param>
    /// <exception cref="MsSrException">
    /// An option makes no sense (MSSR3001, MSSR3002, MSSR3003, MSSR3009), nothing upscales (MSSR2004), or sizes can't be shown to
    /// stay the source's (MSSR2003).
    /// </exception>
    public static Converted Convert(
        NormalForm form,
        ConversionOptions options,
        IKernelInitializer start,
        IReadOnlyDictionary<string, double[]>? sensitivity = null,
        params IReadOnlyList<IPassObserver> observers)
    {
        // What the shape verifier finds closes the space around it.
        var closed = new Dictionary<string, string>();
        while (true)
        {
            var plan = Planner.Plan(form, options, sensitivity, closed);
            var converted = Rewriter.Rewrite(form, plan, start, observers);
            var faults = ShapeVerifier.Check(converted.Model, plan, converted.Branches);
            if (faults.Count == 0)
                return converted;
            if (faults.FirstOrDefault(f => f.Spaces.Count > 0) is not { } fault)
                throw Unproven(faults[0]);
            foreach (var space in fault.Spaces)
                closed[space] = $"{fault.About} stands beside it, and {fault.Reason}";
        }
    }

    private static MsSrException Unproven(ShapeFault fault) => new(new Diagnostic("MSSR2003", Severity.Error,
        $"its sizes can't be shown to stay the source's: {fault.Reason}.", fault.About,
        "Convert with --assume-multiple and feed sizes of the multiple yourself, or leave nodes out with --keep PATTERN."));
}
