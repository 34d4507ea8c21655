using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Branching.Rules;

/// <summary>The operators the converter can do branch by branch.</summary>
internal static class OperatorRules
{
    private static readonly Dictionary<string, IOperatorRule> Rules = new IOperatorRule[]
    {
        new ConvRule(),
        new UnaryRule(),
        new BinaryRule(),
        new PReluRule(),
        new NormalizationRule(),
        new ConcatRule(),
        new SplitRule(),
        new SliceRule(),
        new PixelShuffleRule(),
        new ResizeRule(),
        new PoolRule(),
        new GlobalPoolRule(),
        new PadRule(),
        new ShapeRule(),
        new FillRule(),
    }.SelectMany(rule => rule.Operators.Select(op => (op, rule))).ToDictionary(e => e.op, e => e.rule);

    private static readonly SplitOffRule SplitOff = new();

    /// <summary>The rule of a node's operator, or null where there is none.</summary>
    public static IOperatorRule? Find(Node node)
    {
        if (!node.IsStandard)
            return null;
        return SplitOffMark.Is(node) ? SplitOff : Rules.GetValueOrDefault(node.OpType);
    }
}
