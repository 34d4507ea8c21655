using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Pooling over windows; where the map's end cuts windows, every branch is cut back first and enlarged afterwards.
/// </summary>
internal sealed class PoolRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["AveragePool", "MaxPool", "LpPool"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (!spaces.IsFeature(input))
            return;
        if (node.Outputs.Skip(1).Any(extra => extra is { IsUnused: false }))
            spaces.CloseAround(node, $"{node} also gives the indices of the maxima");
        else if (node.GetInts("kernel_shape") is not { Count: 2 } kernel)
            spaces.CloseAround(node, $"{node} has no two-dimensional kernel_shape");
        else if (ConvGeometry.WhyNotScalable(node, kernel) is { } reason)
            spaces.CloseAround(node, $"{node} stands beside it, and {reason}");
        else if (!spaces.IsFeature(output))
            spaces.CloseAround(node, $"{node} pools everything into one pixel");
        else
            spaces.Link(input, output);
    }

    public void Rewrite(Node node, IBranchWriter rewriter) => rewriter.JoinCutBack(node, _ => []);
}
