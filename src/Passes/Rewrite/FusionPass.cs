using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// The fusion layer (S3, claims 1 and 10): one conv per branch, not shared, from C/n channels to the conv's own output depth;
/// branch i is doubled i-1 times in height and width, and all are added. The sum is cut back to the source's size.
/// </summary>
public sealed class FusionPass(ConversionPlan plan, IKernelInitializer start) : IPass
{
    /// <inheritdoc/>
    public string Name => "fusion";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var convs = plan.ConvsOf(model, ConvRole.Fusion);
        var rewriter = new BranchRewriter(model, plan);
        var weights = new LayerWeights(rewriter, start);
        foreach (var conv in convs)
            Rewrite(conv, rewriter, weights);
        rewriter.Finish(convs);
        return new PassResult(convs.Length);
    }

    private static void Rewrite(Node conv, BranchRewriter rewriter, LayerWeights weights)
    {
        var site = ConvSite.Of(conv);
        var layout = rewriter.Layout(site.Input);
        var inputs = rewriter.Branches(site.Input);
        var outs = KernelRequests.All(ConvKernel.Of(conv).Outs);
        var groups = (int)conv.GetInt("group", 1);
        Value? sum = null;
        for (var i = inputs.Length - 1; i >= 0; i--)
        {
            // Doubling is linear: the coarser branches' sum is doubled once more with every finer branch that joins it.
            var coarser = sum is null ? null : rewriter.Up(conv, PartKind.Up.On(i), sum);
            var kernel = weights.Kernel(conv, PartKind.Fusion.On(i), [(outs, layout[i].ToArray())], groups, joins: i > 0);
            var bias = i == 0 ? weights.Bias(conv, "fusion", [outs]) : null;
            var x = rewriter.Padded(site, inputs[i], i);
            var term = rewriter.EmitLike(conv, PartKind.Fusion.On(i), bias is null ? [x, kernel] : [x, kernel, bias]);
            sum = coarser is null ? term : rewriter.Emit(conv, PartKind.Sum.On(i), "Add", [term, coarser]);
        }

        rewriter.ReplaceByCut(conv.Output, sum!);
    }
}
