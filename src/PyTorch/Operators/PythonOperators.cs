using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Operators;

/// <summary>The operators that can be written.</summary>
internal static class PythonOperators
{
    private static readonly Dictionary<string, IPythonOperator> Rules = new IPythonOperator[]
    {
        new ConvOperator(),
        new ConvTransposeOperator(),
        new UnaryOperator(),
        new ActivationOperator(),
        new ClipOperator(),
        new PReluOperator(),
        new BinaryOperator(),
        new MinMaxOperator(),
        new ComparisonOperator(),
        new WhereOperator(),
        new MatMulOperator(),
        new SoftmaxOperator(),
        new NormalizationOperator(),
        new ConcatOperator(),
        new SplitOperator(),
        new SliceOperator(),
        new GatherOperator(),
        new PixelShuffleOperator(),
        new ResizeOperator(),
        new PoolOperator(),
        new GlobalPoolOperator(),
        new ReduceOperator(),
        new PadOperator(),
        new ShapeOperator(),
        new ReshapeOperator(),
        new AxesOperator(),
        new TransposeOperator(),
        new CastOperator(),
        new IdentityOperator(),
        new FillOperator(),
    }.SelectMany(rule => rule.Operators.Select(op => (op, rule))).ToDictionary(e => e.op, e => e.rule);

    /// <summary>True for a node that is written by itself; others are by their decomposition.</summary>
    public static bool Knows(Node node, long opset) => Find(node)?.Knows(node, opset) == true;

    /// <summary>The rule of a node's operator, or null where there is none.</summary>
    public static IPythonOperator? Find(Node node) => node.IsStandard ? Rules.GetValueOrDefault(node.OpType) : null;
}
