using System.Globalization;
using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;

namespace MsSrConvert.Passes.Deploy;

/// <summary>A finished deploy model.</summary>
/// <param name="Model">The model; the source's object, rewritten.</param>
/// <param name="Changes">How many rewrites each pass made, in order.</param>
/// <param name="Diagnostics">Messages the passes left.</param>
public sealed record DeployResult(Model Model, IReadOnlyList<KeyValuePair<string, int>> Changes,
    IReadOnlyList<Diagnostic> Diagnostics);

/// <summary>
/// Brings a model, converted or not, into the form that runs fastest. It computes the same; shared kernels may part.
/// </summary>
public static class Deployer
{
    /// <summary>Rewrites a model in place.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">What it is made for.</param>
    /// <param name="evaluate">
    /// Computes nodes of constants whose operators the passes don't compute themselves; null for none.
    /// </param>
    /// <param name="observers">Told about every pass.</param>
    /// <exception cref="MsSrException">The model is in deploy form already (MSSR2201) or can't be handled.</exception>
    public static DeployResult Deploy(Model model, DeployOptions options, NodeEvaluator? evaluate = null,
        params IReadOnlyList<IPassObserver> observers)
    {
        TrainForm.Require(model);
        var context = new PassContext();
        var log = new Log();
        var runner = new PassRunner([log, .. observers]);
        runner.Run(model, context, [.. Normalization.Lift(), .. Normalization.Passes(evaluate: evaluate)]);
        log.Changes.Clear();
        runner.Run(model, context, Passes(options));
        KeyValuePair<string, int>[] changes = [.. log.Changes.Where(c => c.Value > 0)];
        runner.Run(model, context, Finish(options));
        Record(model, options, changes);
        return new DeployResult(model, changes, context.Diagnostics);
    }

    /// <summary>
    /// Does to a model only what is done to pixel shuffles; the form of a source that a converted model's speed is compared with.
    /// </summary>
    public static void LowerShuffles(Model model) => new PassRunner().Run(model, new PassContext(),
        [
            .. Normalization.Lift(), .. Normalization.Passes(), new ActivationBeforeShuffle(), new LowerPixelShuffle(),
            new InferShapesPass()
        ]);

    /// <summary>The passes that make the deploy form of a normalised model, in order.</summary>
    public static IReadOnlyList<IPass> Passes(DeployOptions options)
    {
        // GPU runtimes choose layouts and shuffles by themselves; what helps them are fused activations and whole vectors of
        // channels.
        if (options.Target != DeployTarget.Cpu)
            return [new ActivationBeforeShuffle(), new PadChannels(options.Block, options.Block)];
        return
        [
            new ActivationBeforeShuffle(),
            new PadChannels(options.Block),
            new ConvPerGroup(options.Block),
            new StrideNarrowConvs(options.Block),
            new LowerPixelShuffle(),
        ];
    }

    private static IEnumerable<IPass> Finish(DeployOptions options)
    {
        yield return new RemoveDeadNodes();
        yield return new InferShapesPass();
        if (!options.Half)
            yield break;
        yield return new HalfPrecision();
        yield return new RemoveDeadNodes();
        yield return new InferShapesPass();
    }

    private static void Record(Model model, DeployOptions options, IReadOnlyList<KeyValuePair<string, int>> changes)
    {
        model.Metadata.RemoveAll(m => m.Key == MetadataKeys.Ties);
        model.SetMetadata(MetadataKeys.Form, MetadataKeys.DeployForm);
        model.SetMetadata(MetadataKeys.Deploy, MetadataJson.Object(writer =>
        {
            writer.WriteString("target", options.Target.ToString().ToLowerInvariant());
            writer.WriteString("align", options.Block.ToString(CultureInfo.InvariantCulture));
            writer.WriteBoolean("half", options.Half);
            writer.WriteStartObject("passes");
            foreach (var (pass, count) in changes)
                writer.WriteNumber(pass, count);
            writer.WriteEndObject();
        }));
    }

    private sealed class Log : IPassObserver
    {
        public List<KeyValuePair<string, int>> Changes { get; } = [];

        public void AfterPass(int index, IPass pass, Model model, PassResult result, TimeSpan elapsed) =>
            Changes.Add(new(pass.Name, result.Changes));
    }
}
