using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>What is decided around the layers, and the model that they are laid out on.</summary>
/// <param name="Model">A copy of the normal form with both decisions carried out.</param>
/// <param name="Crops">Which crops are deferred.</param>
/// <param name="SplitOffs">Behind which values branches split off.</param>
internal sealed record PlannedSource(Model Model, DeferredCrops Crops, IReadOnlyList<SplitOff> SplitOffs)
{
    /// <summary>Decides for a normalised model, which is not changed.</summary>
    /// <exception cref="MsSrException">A named node isn't there (MSSR3003), or nothing upscales (MSSR2004).</exception>
    public static PlannedSource Of(Model normalised, ConversionOptions options)
    {
        var (model, crops) = Defer(normalised.Copy());
        if (!options.HasSpan)
            return new PlannedSource(model, crops, []);
        var splitOffs = BranchSpan.Resolve(model, options, ShapeInference.Infer(model)).SplitOffs;
        new SplitOffPass(splitOffs).Run(model, new PassContext());
        return new PlannedSource(model, crops, splitOffs);
    }

    // Margins are followed operator by operator; where the outputs' sizes aren't proven to be the same afterwards, convs stay
    // unpadded.
    private static (Model Model, DeferredCrops Crops) Defer(Model model)
    {
        var crops = MarginAnalysis.Crops(model.Graph);
        if (crops.Pads.Count == 0)
            return (model, crops);
        var deferred = model.Copy();
        new DeferCrops(crops).Run(deferred, new PassContext());
        var before = AgreedShapes.Infer(model, InputSizes.AnySize(model));
        var after = AgreedShapes.Infer(deferred, InputSizes.AnySize(deferred));
        var outputs = model.Graph.Outputs.Zip(deferred.Graph.Outputs);
        var isSame = after.Conflicts.Count <= before.Conflicts.Count
            && outputs.All(o => o.First.Name == o.Second.Name && Equals(before.ShapeOf(o.First), after.ShapeOf(o.Second)));
        return isSame ? (deferred, crops) : (model, DeferredCrops.None);
    }
}
