
namespace MsSrConvert.Training.Operators;

/// <summary>The one table of operators that can be trained through.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, ITorchOperator> ByName = new ITorchOperator[]
    {
        new ConvOperator(), new ConvTransposeOperator(), new MatMulOperator(), new GemmOperator(),
        new UnaryOperator(), new ClipOperator(), new PReluOperator(), new SoftmaxOperator(), new BinaryOperator(),
        new BatchNormalizationOperator(), new InstanceNormalizationOperator(),
        new ConcatOperator(), new SplitOperator(), new SliceOperator(), new GatherOperator(), new PadOperator(),
        new IdentityOperator(), new CastOperator(), new ReshapeOperator(), new ExpandOperator(), new TransposeOperator(),
        new DepthToSpaceOperator(), new SpaceToDepthOperator(), new ResizeOperator(), new PoolOperator(), new ReduceOperator(),
    }.SelectMany(op => op.Operators.Select(name => (name, op))).ToDictionary(e => e.name, e => e.op);

    /// <summary>The names of all operators in the table.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Prepares a node.</summary>
    /// <exception cref="UnsupportedNodeException">There is no such operator in the table, or it doesn't know this form.</exception>
    public static TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        return node.IsStandard && ByName.TryGetValue(node.OpType, out var op)
            ? op.Prepare(context)
            : throw context.Unsupported("training doesn't know this operator");
    }
}
