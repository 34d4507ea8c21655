using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Cleanup;
using MsSrConvert.Passes.Costs;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>Executes plans.</summary>
public static class Rewriter
{
    /// <summary>The stages that execute a plan, in order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="start">Where the new kernels' values come from.</param>
    public static IReadOnlyList<PassStage> Stages(ConversionPlan plan, IKernelInitializer start) =>
    [
        new(Stage.Prepare,
            plan.Options.HasSpan ? [new DeferCrops(plan.Crops), new SplitOffPass(plan.SplitOffs)] : [new DeferCrops(plan.Crops)]),
        new(Stage.Rewrite,
        [
            new SeparationPass(plan, start),
            new InteractionPass(plan, start),
            new FusionPass(plan, start),
            new BranchwisePass(plan),
            new PadCropPass(plan),
            new CancelCastsPass(),
        ]),
        new(Stage.Cleanup, [new RemoveDeadNodes(), new InferShapesPass()]),
        new(Stage.Record, [new MetadataPass(plan, start)]),
    ];

    /// <summary>Converts a source as planned. Whether sizes meet at every input is not checked here.</summary>
    /// <param name="form">The source; not changed.</param>
    /// <param name="plan">A plan for it.</param>
    /// <param name="start">Where the new kernels' values come from.</param>
    /// <param name="observers">Told about every pass; numbers go on behind those of the normal form.</param>
    /// <exception cref="MsSrException">A pass left the graph broken (MSSR4001, MSSR4002).</exception>
    public static Converted Rewrite(NormalForm form, ConversionPlan plan, IKernelInitializer start,
        params IReadOnlyList<IPassObserver> observers)
    {
        var (model, context) = (form.Model.Copy(), new PassContext());
        new PassRunner(form.Passes, observers).Run(model, context, Stages(plan, start).SelectMany(form.Options.Extra.Around));
        var (source, converted) = (Costs(plan.Source, form.Source.Cost, form), Costs(model, null, form));
        if (converted.Whole.Uncounted > 0)
        {
            context.Report(new Diagnostic("MSSR5101", Severity.Warning,
                $"the sizes of {converted.Whole.Uncounted} convs don't follow from the input's; they are missing in the multiply-adds."));
        }

        if (CostGrowth.Find(plan, source, converted) is { } growth)
            context.Report(growth);
        return new Converted(form, plan, model, context.Branches.ToDictionary(), source.Macs, converted.Whole,
            SmallestInput.Find(model),
            [.. form.Diagnostics, .. context.Diagnostics]);
    }

    private static CostGrowth.Costs Costs(Model model, ModelCost? whole, NormalForm form)
    {
        var shapes = CostModel.ByValue(model, form.Source.CostShapes);
        return new(whole ?? CostModel.Count(model, shapes), CostModel.ByConv(model, shapes), CostModel.ParamsByConv(model));
    }
}
