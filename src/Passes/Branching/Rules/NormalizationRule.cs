using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>BatchNormalization (inference form) and InstanceNormalization: per-channel parameters go with the channels.</summary>
internal sealed class NormalizationRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = ["BatchNormalization", "InstanceNormalization"];

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        if (node.Inputs.Skip(1).Any(p => p?.Initializer is null))
            spaces.CloseAround(node, $"a parameter of {node} is computed in the graph");
        else if (node.Outputs.Skip(1).Any(extra => extra is not null) || IsTraining(node))
            spaces.CloseAround(node, $"{node} is in training form");
        else if (spaces.IsFeature(node.Input(0)))
            spaces.Link(node.Input(0)!, node.Output);
    }

    private static bool IsTraining(Node node) => node.Is("BatchNormalization") && node.IntOf("training_mode") != 0;

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var layout = rewriter.Layout(node.Output);
        rewriter.JoinCutBack(node,
            branch => node.Inputs.Skip(1).Select(p => rewriter.ChannelConstant(p!, layout, branch, axis: 0)));
    }
}
