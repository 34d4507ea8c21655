using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>
/// Add, Sub, Mul, Div and their like, with any number of operands: features of equal shape are tied; constants per channel are
/// partitioned with the channels; gates of 1×1 (channel attention) are split; a single-channel map (pixel attention) is pooled
/// to every branch's scale.
/// </summary>
internal sealed class BinaryRule : IOperatorRule
{
    public IReadOnlyList<string> Operators { get; } = OperatorTable.With(Traits.Combining);

    public void Constrain(Node node, SpaceBuilder spaces)
    {
        var output = node.Output;
        if (!spaces.IsFeature(output))
        {
            spaces.CloseAround(node, $"the shape of the output of {node} isn't known");
            return;
        }

        foreach (var operand in node.Inputs.OfType<Value>())
        {
            switch (KindOf(operand, output, spaces))
            {
                case OperandKind.Feature:
                    spaces.Link(operand, output);
                    break;
                case OperandKind.Map:
                    spaces.CloseIfFeature(operand, $"{node} spreads its one channel over all channels");
                    break;
                case OperandKind.Unfit:
                    spaces.CloseAround(node, operand.Initializer is { } constant
                        ? $"{node} combines it with the constant '{operand.Name}' of shape {constant.Shape}, which isn't the same at every pixel"
                        : $"{node} combines it with {operand.Label} of another shape");
                    break;
            }
        }
    }

    public void Rewrite(Node node, IBranchWriter rewriter)
    {
        var layout = rewriter.Layout(node.Output);
        var operands = node.Inputs.Select(operand => Spread(node, operand!, layout, rewriter)).ToArray();
        rewriter.Join(node.Output, rewriter.PerBranch(node, layout.Branches, branch => operands.Select(o => o[branch])));
    }

    private static Value[] Spread(Node node, Value operand, BranchLayout layout, IBranchWriter rewriter)
    {
        if (rewriter.IsBranched(operand))
            return rewriter.Branches(operand);
        if (operand.Initializer is not null)
            return [.. Enumerable.Range(0, layout.Branches).Select(b => rewriter.ChannelConstant(operand, layout, b))];
        var shape = rewriter.ShapeOf(operand)!;
        if (shape.All(dim => dim == Dim.Known(1)) || shape.Rank < 4)
            return Repeat(operand, layout.Branches);
        if (shape[2] != Dim.Known(1) || shape[3] != Dim.Known(1))
            return rewriter.Pyramid(node, operand);
        return shape[1] == Dim.Known(1) ? Repeat(operand, layout.Branches) : rewriter.SplitPooled(node, operand, layout);
    }

    private static Value[] Repeat(Value value, int times) => [.. Enumerable.Repeat(value, times)];

    private enum OperandKind
    {
        /// <summary>A feature of the output's shape.</summary>
        Feature,
        /// <summary>One channel of the output's height and width.</summary>
        Map,
        /// <summary>Something that broadcasts over space.</summary>
        Spaceless,
        /// <summary>Anything else.</summary>
        Unfit,
    }

    private static OperandKind KindOf(Value operand, Value output, SpaceBuilder spaces)
    {
        var channels = spaces.Channels(output);
        if (operand.Initializer is { } constant)
            return ChannelParameter.AxisOf(constant, channels) is null ? OperandKind.Unfit : OperandKind.Spaceless;
        var (shape, whole) = (spaces.Shapes.ShapeOf(operand), spaces.Shapes.ShapeOf(output)!);
        if (shape is null)
            return OperandKind.Unfit;
        if (shape.All(dim => dim == Dim.Known(1)))
            return OperandKind.Spaceless;
        if (shape.Rank != 4)
            return OperandKind.Unfit;
        if (spaces.IsPooled(operand))
            return shape[1] == Dim.Known(1) || shape[1] == Dim.Known(channels) ? OperandKind.Spaceless : OperandKind.Unfit;
        if (!spaces.IsFeature(operand) || shape[2] != whole[2] || shape[3] != whole[3])
            return OperandKind.Unfit;
        if (shape[1] == Dim.Known(channels))
            return OperandKind.Feature;
        return shape[1] == Dim.Known(1) ? OperandKind.Map : OperandKind.Unfit;
    }
}
