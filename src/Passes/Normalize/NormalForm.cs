using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Method;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>What shapes a normal form.</summary>
public sealed record NormalFormOptions
{
    /// <summary>The operator set to bring the model to, 13 to 24; null for the source's (13 where that is older).</summary>
    public int? Opset { get; init; }

    /// <summary>Take a model that is converted already.</summary>
    public bool Again { get; init; }

    /// <summary>Shapes to count costs at, by input name; null for the model's own, 128×128 where it leaves them open.</summary>
    public IReadOnlyDictionary<string, Shape>? CostShapes { get; init; }

    /// <summary>Computes nodes of constants whose operators the passes don't compute themselves; null for none.</summary>
    public NodeEvaluator? Evaluate { get; init; }

    /// <summary>Passes to run around the stages.</summary>
    public ExtraPasses Extra { get; init; } = ExtraPasses.None;
}

/// <summary>
/// The first stage of a conversion: a source in normal form, and what is known of it. Plans and conversions are made of it as
/// often as needed; none of them changes it.
/// </summary>
/// <param name="Model">The normalised model. It is not to be changed: who rewrites it takes a copy.</param>
/// <param name="Options">What shaped it.</param>
/// <param name="Source">What is known of the source as it was read.</param>
/// <param name="Passes">The names of the passes that made it, in order.</param>
/// <param name="Diagnostics">Messages they left.</param>
public sealed record NormalForm(
    Model Model, NormalFormOptions Options, SourceFacts Source, IReadOnlyList<string> Passes,
    IReadOnlyList<Diagnostic> Diagnostics)
{
    private static readonly HashSet<string> Quantised =
    [
        "ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear", "DequantizeLinear",
        "DynamicQuantizeLinear",
    ];

    /// <summary>Brings a model into normal form.</summary>
    /// <param name="model">The source; rewritten in place, so that it is of no use afterwards.</param>
    /// <param name="options">What shapes it; null for the defaults.</param>
    /// <param name="observers">Told about every pass.</param>
    /// <exception cref="MsSrException">
    /// The model is in deploy form (MSSR2201) or converted already (MSSR2203), has no outputs (MSSR2006), is quantised
    /// (MSSR2005), can't be brought to the opset (MSSR2104), or can't be handled.
    /// </exception>
    public static NormalForm Of(Model model, NormalFormOptions? options = null, params IReadOnlyList<IPassObserver> observers)
    {
        options ??= new NormalFormOptions();
        TrainForm.Require(model);
        RequireSource(model, options);
        var (context, runner) = (new PassContext(), new PassRunner(observers));
        runner.Run(model, context, options.Extra.Around(Normalization.Lifting(options.Evaluate)));
        // Costs count trained tensors wherever they stand, and what is computed from constants isn't computed at run time.
        var source = SourceFacts.Of(model.Copy(), options.CostShapes);
        DeclineQuantised(model);
        runner.Run(model, context, options.Extra.Around(Normalization.Normalizing(options.Opset, options.Evaluate)));
        return new NormalForm(model, options, source, runner.Done, context.Diagnostics);
    }

    /// <summary>
    /// Counts a model as it was read, at the given height and width where it leaves them open; weights held by Constant nodes are
    /// made initializers, and what is computed from constants is left out.
    /// </summary>
    public static ModelCost CostAt(Model model, long height, long width, NodeEvaluator? evaluate = null)
    {
        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), new ConstantFolding(evaluate)]);
        return CostModel.Count(model, CostModel.InputShapes(model, height, width));
    }

    private static void RequireSource(Model model, NormalFormOptions options)
    {
        if (model.Graph.Outputs.Count == 0)
        {
            throw new MsSrException(new Diagnostic("MSSR2006", Severity.Error,
                "the model has no outputs, so that nothing of it is computed.", model.Graph.Name,
                "Export the model again with its outputs named."));
        }

        if (!options.Again && model.GetMetadata(MetadataKeys.Branches) is { } branches)
        {
            throw new MsSrException(new Diagnostic("MSSR2203", Severity.Error,
                $"the model is converted already, to {branches} branches; its layers would be taken apart once more.",
                $"metadata '{MetadataKeys.Branches}'", "Convert the model it was made from, or add --force-again."));
        }
    }

    // A quantised network can't be trained further: its float original is what has to be converted, and quantised again after
    // that.
    private static void DeclineQuantised(Model model)
    {
        if (model.Graph.AllNodes.FirstOrDefault(n => Quantised.Contains(n.OpType)) is { } node)
        {
            throw new MsSrException(new Diagnostic("MSSR2005", Severity.Error,
                "the network is quantised to integers, which can't be fine-tuned.", node.ToString(),
                "Convert the floating-point network it was made from, and quantise the result."));
        }
    }
}
