using MsSrConvert.Passes.Analysis;

namespace MsSrConvert.Passes.MultiScale.Rules;

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
    }.SelectMany(rule => rule.Operators.Select(op => (op, rule))).ToDictionary(e => e.op, e => e.rule);

    /// <summary>The rule of an operator, or null where there is none.</summary>
    public static IOperatorRule? Find(string opType) => Rules.GetValueOrDefault(opType);
}
