namespace MsSrConvert.Training.Operators;

/// <summary>The operators that can be trained through.</summary>
internal sealed class OperatorTable
{
    private readonly Dictionary<string, ITorchOperator> _byName;

    private OperatorTable(IEnumerable<ITorchOperator> operators) =>
        _byName = operators.SelectMany(op => op.Operators.Select(name => (name, op))).ToDictionary(e => e.name, e => e.op);

    /// <summary>All there are.</summary>
    public static OperatorTable Standard { get; } = new(
    [
        new ConvOperator(), new ConvTransposeOperator(), new MatMulOperator(), new GemmOperator(),
        new UnaryOperator(), new ClipOperator(), new PReluOperator(), new SoftmaxOperator(), new BinaryOperator(),
        new BatchNormalizationOperator(), new InstanceNormalizationOperator(),
        new ConcatOperator(), new SplitOperator(), new SliceOperator(), new GatherOperator(), new PadOperator(),
        new IdentityOperator(), new CastOperator(), new ReshapeOperator(), new ExpandOperator(), new TransposeOperator(),
        new DepthToSpaceOperator(), new SpaceToDepthOperator(), new ResizeOperator(), new PoolOperator(), new ReduceOperator(),
    ]);

    /// <summary>The names of all operators in the table.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>The table with one operator in place of those of the same names.</summary>
    public OperatorTable With(ITorchOperator other) =>
        new(_byName.Values.Distinct().Where(op => !op.Operators.Intersect(other.Operators).Any()).Append(other));

    /// <summary>Prepares a node.</summary>
    /// <exception cref="UnsupportedNodeException">There is no such operator in the table, or it doesn't know this form.</exception>
    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        return node.IsStandard && _byName.TryGetValue(node.OpType, out var op)
            ? op.Prepare(context)
            : throw context.Unsupported("training doesn't know this operator");
    }
}
