using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;
using MsSrConvert.Passes.Sizes;
using MsSrConvert.Passes.Verify;

namespace MsSrConvert.Passes;

/// <summary>A size to try a model at.</summary>
/// <param name="Inputs">The inputs' shapes, by name.</param>
/// <param name="Outputs">The outputs' shapes that must come out, by name; others aren't known.</param>
public sealed record SizeTrial(IReadOnlyDictionary<string, Shape> Inputs, IReadOnlyDictionary<string, Shape> Outputs);

/// <summary>A finished conversion.</summary>
/// <param name="Model">The converted model: the source's object, rewritten, or a copy where it took more than one plan.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="CostShapes">The input shapes the costs were counted at, by input name.</param>
/// <param name="OutputShapes">The source's output shapes there, by output name, where shape inference finds them.</param>
/// <param name="Trials">Inputs to try the result on, by name, and the source's output shapes there: the former, and an odd size where the source takes one.</param>
/// <param name="ConvMacs">The multiply-adds of the source's convs there, by node name.</param>
/// <param name="Source">What the source costs.</param>
/// <param name="Converted">What the converted model costs.</param>
/// <param name="SmallestSource">The smallest square picture the source takes, in pixels a side; null where none up to 4096 fits.</param>
/// <param name="SmallestConverted">The same of the converted model.</param>
/// <param name="Branches">The branches in <paramref name="Model"/> that took the place of a source value, finest first, by the value's name.</param>
/// <param name="Diagnostics">Messages the passes left.</param>
public sealed record ConversionResult(
    Model Model,
    ConversionPlan Plan,
    IReadOnlyDictionary<string, Shape> CostShapes,
    IReadOnlyDictionary<string, Shape> OutputShapes,
    IReadOnlyList<SizeTrial> Trials,
    IReadOnlyDictionary<string, long> ConvMacs,
    ModelCost Source,
    ModelCost Converted,
    long? SmallestSource,
    long? SmallestConverted,
    IReadOnlyDictionary<string, IReadOnlyList<Value>> Branches,
    IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The share of the source convs' multiply-adds that takes part, 0 to 1.</summary>
    public double Share => (double)Plan.Convs.Where(c => c.Role != ConvRole.Kept).Sum(c => ConvMacs.GetValueOrDefault(c.Node.Name))
        / Math.Max(1, ConvMacs.Values.Sum());

    /// <summary>The share that becomes interaction layers, 0 to 1: separation layers save nothing, fusion layers little.</summary>
    public double InteractionShare => (double)Plan.Convs.Where(c => c.Role == ConvRole.Interaction).Sum(c => ConvMacs.GetValueOrDefault(c.Node.Name))
        / Math.Max(1, ConvMacs.Values.Sum());
}

/// <summary>The whole pipeline: normalise, plan, rewrite, pad and crop, clean up.</summary>
public static class Converter
{
    /// <summary>The height and width costs are counted at where the model leaves them open.</summary>
    public const long DefaultSide = 128;

    private static readonly HashSet<string> Quantised =
    [
        "ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
    ];

    /// <summary>Converts a model.</summary>
    /// <param name="model">The source; rewritten in place, so that it is of no use afterwards.</param>
    /// <param name="options">What the user asks for.</param>
    /// <param name="start">Where the new kernels' values come from.</param>
    /// <param name="costShapes">Shapes to count costs at, by input name; null for the model's own, 128×128 where it leaves them open.</param>
    /// <param name="ranking">Says which channels belong into the finest branch; null to share them out in source order.</param>
    /// <param name="evaluate">Computes nodes of constants whose operators the passes don't compute themselves; null for none.</param>
    /// <param name="observers">Told about every pass.</param>
    /// <exception cref="MsSrException">
    /// An option makes no sense, the model is in deploy form (MSSR2201) or converted already (MSSR2203), has no outputs (MSSR2006), or
    /// can't be handled.
    /// </exception>
    public static ConversionResult Convert(
        Model model,
        ConversionOptions options,
        IKernelInitializer start,
        IReadOnlyDictionary<string, Shape>? costShapes = null,
        IChannelRanking? ranking = null,
        NodeEvaluator? evaluate = null,
        params IReadOnlyList<IPassObserver> observers)
    {
        Deployer.RequireTrainForm(model);
        Planner.Check(options);
        RequireSource(model, options);
        var context = new PassContext();
        var runner = new PassRunner(observers);

        // Costs count trained tensors wherever they stand, and what is computed from constants isn't computed at run time.
        runner.Run(model, context, [.. Normalization.Lift(), new ConstantFolding(evaluate), new AgreeInputs()]);
        costShapes ??= DefaultCostShapes(model, DefaultSide, DefaultSide);
        var sourceCost = CostModel.Count(model, ByValue(model, costShapes));
        var smallestSource = SmallestInput.Find(model);
        var outputShapes = KnownOutputShapes(model, costShapes);
        var lifted = model.Copy();

        DeclineQuantised(model);
        runner.Run(model, context, Normalization.Passes(options.Opset, evaluate));
        model = DeferCropsWherePossible(model, runner, context);
        if (options.FuseAt != ConversionOptions.LastConv || options.SeparateAt != ConversionOptions.FirstConv)
            runner.Run(model, context, new SplitOffPass(options));
        var convMacs = CostModel.ByConv(model, ByValue(model, costShapes));
        var convParams = CostModel.ParamsByConv(model);
        (model, var plan) = Rewrite(model, options, start, ranking, runner, context);
        var convertedCost = CostModel.Count(model, ByValue(model, costShapes));
        if (convertedCost.Uncounted > 0)
        {
            context.Report(new Diagnostic("MSSR5101", Severity.Warning,
                $"the sizes of {convertedCost.Uncounted} convs don't follow from the input's; they are missing in the multiply-adds."));
        }

        var converted = new CostGrowth.Costs(convertedCost, CostModel.ByConv(model, ByValue(model, costShapes)), CostModel.ParamsByConv(model));
        if (CostGrowth.Find(plan, new CostGrowth.Costs(sourceCost, convMacs, convParams), converted) is { } growth)
            context.Report(growth);

        return new ConversionResult(
            model, plan, costShapes, outputShapes, Trials(lifted, plan, new SizeTrial(costShapes, outputShapes), smallestSource), convMacs, sourceCost, convertedCost, smallestSource, SmallestInput.Find(model),
            context.Branches.ToDictionary(), context.Diagnostics);
    }

    /// <summary>
    /// Defers crops. Margins are followed operator by operator; where the outputs' sizes aren't proven to be the same afterwards, convs stay
    /// unpadded.
    /// </summary>
    internal static Model DeferCropsWherePossible(Model model, PassRunner runner, PassContext context)
    {
        var source = model.Copy();
        var before = AgreedShapes.Infer(source, InputSizes.AnySize(source));
        runner.Run(model, context, new DeferCrops());
        var after = AgreedShapes.Infer(model, InputSizes.AnySize(model));
        var outputs = source.Graph.Outputs.Zip(model.Graph.Outputs);
        var isSame = after.Conflicts.Count <= before.Conflicts.Count
            && outputs.All(o => o.First.Name == o.Second.Name && Equals(before.ShapeOf(o.First), after.ShapeOf(o.Second)));
        return isSame ? model : source;
    }

    // What the shape verifier finds closes the space around it, and the source is planned again from where it was.
    private static (Model Model, ConversionPlan Plan) Rewrite(
        Model model, ConversionOptions options, IKernelInitializer start, IChannelRanking? ranking, PassRunner runner, PassContext context)
    {
        var closed = new Dictionary<string, string>();
        while (true)
        {
            var source = model.Copy();
            var plan = Planner.Plan(model, options, ranking?.Rank(model), closed);
            context.Branches.Clear();
            runner.Run(model, context,
                new SeparationPass(plan, start),
                new InteractionPass(plan, start),
                new FusionPass(plan, start),
                new BranchwisePass(plan),
                new PadCropPass(plan),
                new CancelCastsPass(),
                new RemoveDeadNodes(),
                new InferShapesPass(),
                new MetadataPass(plan, start));
            var faults = ShapeVerifier.Check(model, plan, context.Branches);
            if (faults.Count == 0)
                return (model, plan);
            if (faults.FirstOrDefault(f => f.Spaces.Count > 0) is not { } fault)
                throw Unproven(faults[0]);
            foreach (var space in fault.Spaces)
                closed[space] = $"{fault.About} stands beside it, and {fault.Reason}";
            model = source;
        }
    }

    private static MsSrException Unproven(ShapeFault fault) => new(new Diagnostic("MSSR2003", Severity.Error,
        $"its sizes can't be shown to stay the source's: {fault.Reason}.", fault.About,
        "Convert with --assume-multiple and feed sizes of the multiple yourself, or leave nodes out with --keep PATTERN."));

    private static void RequireSource(Model model, ConversionOptions options)
    {
        if (model.Graph.Outputs.Count == 0)
        {
            throw new MsSrException(new Diagnostic("MSSR2006", Severity.Error,
                "the model has no outputs, so that nothing of it is computed.", model.Graph.Name, "Export the model again with its outputs named."));
        }

        if (!options.Again && model.GetMetadata(MetadataKeys.Branches) is { } branches)
        {
            throw new MsSrException(new Diagnostic("MSSR2203", Severity.Error,
                $"the model is converted already, to {branches} branches; its layers would be taken apart once more.",
                $"metadata '{MetadataKeys.Branches}'", "Convert the model it was made from, or add --force-again."));
        }
    }

    // A quantised network can't be trained further: its float original is what has to be converted, and quantised again after that.
    private static void DeclineQuantised(Model model)
    {
        if (model.Graph.AllNodes.FirstOrDefault(n => Quantised.Contains(n.OpType)) is { } node)
        {
            throw new MsSrException(new Diagnostic("MSSR2005", Severity.Error,
                "the network is quantised to integers, which can't be fine-tuned.", node.ToString(),
                "Convert the floating-point network it was made from, and quantise the result."));
        }
    }

    /// <summary>The model's input shapes with batch 1 and the given height and width where it leaves them open, by input name.</summary>
    public static IReadOnlyDictionary<string, Shape> DefaultCostShapes(Model model, long height, long width) =>
        CostModel.InputShapes(model, height, width).ToDictionary(s => s.Key.Name, s => s.Value);

    // Odd sizes are where padding shows; a source of fixed size, or one that takes multiples only, has none.
    private static SizeTrial[] Trials(Model source, ConversionPlan plan, SizeTrial usual, long? smallest)
    {
        const long Height = 37, Width = 53;
        var more = smallest is { } side && side > Height ? (side - Height + 1) / 2 * 2 : 0;
        var multiple = plan.Options.AssumeMultiple ? plan.InputSizes.Multiple : 1;
        var odd = DefaultCostShapes(source, Multiples.RoundUp(Height + more, multiple), Multiples.RoundUp(Width + more, multiple));
        if (odd.All(shape => usual.Inputs.TryGetValue(shape.Key, out var same) && same.Equals(shape.Value))
            || ShapeInference.Infer(source, ByValue(source, odd)).Conflicts.Any(c => c.Kind != ConflictKind.Possible))
        {
            return [usual];
        }

        return [usual, new SizeTrial(odd, KnownOutputShapes(source, odd))];
    }

    private static Dictionary<string, Shape> KnownOutputShapes(Model model, IReadOnlyDictionary<string, Shape> inputShapes)
    {
        var shapes = ShapeInference.Infer(model, ByValue(model, inputShapes));
        // A value may be listed twice.
        return model.Graph.Outputs.Distinct().Select(v => (v.Name, Shape: shapes.ShapeOf(v))).Where(o => o.Shape is { IsKnown: true })
            .ToDictionary(o => o.Name, o => o.Shape!);
    }

    private static Dictionary<Value, Shape> ByValue(Model model, IReadOnlyDictionary<string, Shape> shapes) =>
        model.Graph.Inputs.Where(v => shapes.ContainsKey(v.Name)).ToDictionary(v => v, v => shapes[v.Name]);
}
