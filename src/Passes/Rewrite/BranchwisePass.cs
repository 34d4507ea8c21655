using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching.Rules;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>Writes every operator between the convs (activations, sums, concats, PixelShuffle …) once per branch.</summary>
public sealed class BranchwisePass(ConversionPlan plan) : IPass
{
    /// <inheritdoc/>
    public string Name => "branch-wise";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var nodes = model.Graph.Nodes.Where(Concerned).ToArray();
        var rewriter = new BranchRewriter(model, plan);
        foreach (var node in nodes)
            OperatorRules.Find(node)!.Rewrite(node, rewriter);
        rewriter.Finish(nodes);
        return new PassResult(nodes.Length);
    }

    // Nodes written by the other passes read branches through casts, so only the source's own nodes touch a value of the plan.
    private bool Concerned(Node node) =>
        !node.IsConv() && OperatorRules.Find(node) is not null && node.Inputs.Concat(node.Outputs).Any(plan.IsBranched);
}
