using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;

namespace MsSrConvert.Passes;

/// <summary>The form in which models are trained.</summary>
public static class TrainForm
{
    /// <summary>
    /// Leaves a converted model as it is, its constants made initializers, and brings any other into the normal form that a conversion
    /// begins with (old operators respelled, BatchNormalization folded).
    /// </summary>
    /// <param name="model">The model; rewritten.</param>
    /// <param name="evaluate">Computes nodes of constants whose operators the passes don't compute themselves; null for none.</param>
    /// <exception cref="MsSrException">The model is in deploy form (MSSR2201) or can't be handled (MSSR2xxx).</exception>
    public static void Apply(Model model, NodeEvaluator? evaluate = null)
    {
        Deployer.RequireTrainForm(model);
        var isConverted = model.GetMetadata(MetadataKeys.Branches) is not null;
        new PassRunner().Run(model, new PassContext(), [.. Normalization.Lift(), .. isConverted ? [] : Normalization.Passes(evaluate: evaluate)]);
    }
}
