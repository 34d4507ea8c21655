using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Rewrite;

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

    public void Rewrite(Node node, BranchRewriter rewriter)
    {
        var (input, layout) = (node.Input(0)!, rewriter.Layout(node.Output));
        var isCut = PixelRelations.Of(node, rewriter.SourceShapes) == PixelRelation.SeesEnd;
        var normalised = rewriter.PerBranch(node, rewriter.Branches(input), (branch, x) =>
            node.Inputs.Skip(1).Select(p => rewriter.ChannelConstant(p!, layout, branch, axis: 0))
                .Prepend(isCut ? rewriter.CutBack(node, input, branch, x) : x));
        rewriter.Join(node.Output, [.. normalised.Select((x, branch) => isCut ? rewriter.Enlarged(node, node.Output, branch, x) : x)]);
    }
}
