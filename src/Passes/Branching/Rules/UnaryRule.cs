using MsSrConvert.GraphIR;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>Operators that change every element by itself; further inputs (Clip's bounds) are constants of one element.</summary>
internal sealed class UnaryRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = OperatorTable.With(Traits.Unary);

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var (input, output) = (node.Input(0)!, node.Output);
        if (spaces.IsFeature(input) && spaces.IsFeature(output))
            spaces.Link(input, output);
        else
            spaces.CloseAround(node, $"{node} changes the element type");
        if (node.Outputs.Skip(1).Any(extra => extra is { IsUnused: false }))
            spaces.CloseAround(node, $"{node} has a second output that is read");
    }

    public void Rewrite(Node node, IBranchWriter rewriter) =>
        rewriter.Join(node.Output,
            rewriter.PerBranch(node, rewriter.Branches(node.Input(0)!), (_, x) => [x, .. node.Inputs.Skip(1)]));
}
