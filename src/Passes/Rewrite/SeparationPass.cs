using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// The separation layer (S1, claims 1-3): the conv makes all C channels at full size, they are split into n groups of C/n, and
/// group i is halved i-1 times in height and width. What the conv reads is enlarged first, so that it can be halved.
/// </summary>
public sealed class SeparationPass(ConversionPlan plan, IKernelInitializer start) : IPass
{
    /// <inheritdoc/>
    public string Name => "separation";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var convs = plan.ConvsOf(model, ConvRole.Separation);
        var rewriter = new BranchRewriter(model, plan);
        var weights = new LayerWeights(rewriter, start);
        foreach (var conv in convs)
            Rewrite(conv, rewriter, weights);
        rewriter.Finish(convs);
        return new PassResult(convs.Length);
    }

    private static void Rewrite(Node conv, BranchRewriter rewriter, LayerWeights weights)
    {
        var layout = rewriter.Layout(conv.Output);
        rewriter.Join(conv.Output, rewriter.Halved(conv, Features(conv, layout, rewriter, weights)));
    }

    private static Value[] Features(Node conv, BranchLayout layout, BranchRewriter rewriter, LayerWeights weights)
    {
        var site = ConvSite.Of(conv);
        var input = rewriter.Padded(site, rewriter.Enlarged(site.Input), 0);
        if (conv.GetInt("group", 1) != 1)
        {
            // A grouped conv's output order is fixed by its groups: the conv stays and its channels are picked.
            var whole = rewriter.EmitLike(conv, LayerPart.Features, [input, .. conv.Inputs.Skip(1)]);
            return [.. Enumerable.Range(0, layout.Branches).Select(b =>
                rewriter.Select(conv, whole, layout.Copied(b).Select(c => (long)c), PartKind.Group.On(b)))];
        }

        var kernel = weights.Kernel(conv, "separation", [(layout.Concatenated, KernelRequests.All(ConvKernel.Of(conv).Ins))], 1,
            joins: false);
        var bias = weights.Bias(conv, "separation", [layout.Concatenated]);
        var features = rewriter.EmitLike(conv, LayerPart.Features, bias is null ? [input, kernel] : [input, kernel, bias]);
        return rewriter.SplitChannels(conv, features, [.. Enumerable.Repeat((long)layout.Width, layout.Branches)],
            LayerPart.Groups);
    }
}
