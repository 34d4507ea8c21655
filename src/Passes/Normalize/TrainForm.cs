using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>The form in which models are converted and trained; the other one is the deploy form.</summary>
public static class TrainForm
{
    /// <summary>
    /// Leaves a converted model as it is, its constants made initializers, and brings any other into the normal form that a
    /// conversion begins with (old operators upgraded, BatchNormalization folded).
    /// </summary>
    /// <param name="model">The model; rewritten.</param>
    /// <param name="evaluate">
    /// Computes nodes of constants whose operators the passes don't compute themselves; null for none.
    /// </param>
    /// <exception cref="MsSrException">The model is in deploy form (MSSR2201) or can't be handled (MSSR2xxx).</exception>
    public static void Apply(Model model, NodeEvaluator? evaluate = null)
    {
        Require(model);
        var isConverted = model.GetMetadata(MetadataKeys.Branches) is not null;
        new PassRunner().Run(model, new PassContext(),
            [.. Normalization.Lift(), .. isConverted ? [] : Normalization.Passes(evaluate: evaluate)]);
    }

    /// <summary>Refuses a model in deploy form.</summary>
    /// <exception cref="MsSrException">The model is in deploy form (MSSR2201).</exception>
    public static void Require(Model model)
    {
        if (model.GetMetadata(MetadataKeys.Form) == MetadataKeys.DeployForm)
        {
            throw new MsSrException(new Diagnostic("MSSR2201", Severity.Error,
                "the model is in deploy form: its layers are rewritten for speed, and shared kernels are no longer shared.",
                $"metadata '{MetadataKeys.Form}'",
                "Use the model it was made from."));
        }
    }
}
