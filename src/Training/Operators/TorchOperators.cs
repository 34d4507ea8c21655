using MsSrConvert.GraphIR;

namespace MsSrConvert.Training.Operators;

/// <summary>The operators that can be trained through.</summary>
internal sealed class TorchOperators
{
    private readonly Dictionary<string, ITorchOperator> _byName;

    private TorchOperators(IEnumerable<ITorchOperator> operators) =>
        _byName = operators.SelectMany(op => op.Operators.Select(name => (name, op))).ToDictionary(e => e.name, e => e.op);

    /// <summary>All there are.</summary>
    public static TorchOperators Standard { get; } = new(
    [
        new ConvOperator(), new ConvTransposeOperator(), new MatMulOperator(),
        new UnaryOperator(), new ClipOperator(), new PReluOperator(), new SoftmaxOperator(), new BinaryOperator(),
        new ComparisonOperator(), new WhereOperator(),
        new BatchNormalizationOperator(), new InstanceNormalizationOperator(),
        new ConcatOperator(), new SplitOperator(), new SliceOperator(), new GatherOperator(), new PadOperator(),
        new IdentityOperator(), new CastOperator(), new ReshapeOperator(), new ExpandOperator(), new TransposeOperator(),
        new DepthToSpaceOperator(), new SpaceToDepthOperator(), new ResizeOperator(), new PoolOperator(), new ReduceOperator(),
    ]);

    /// <summary>The table with one operator in place of those of the same names.</summary>
    public TorchOperators With(ITorchOperator other) =>
        new(_byName.Values.Distinct().Where(op => !op.Operators.Intersect(other.Operators).Any()).Append(other));

    /// <summary>True for a node whose operator stands in the table; others are computed by their decomposition.</summary>
    public bool Knows(Node node) => node.IsStandard && _byName.ContainsKey(node.OpType);

    /// <summary>Prepares a node.</summary>
    /// <exception cref="UnsupportedNodeException">
    /// There is no such operator in the table, or it doesn't know this form.
    /// </exception>
    public TorchStep Prepare(NodeContext context)
    {
        var node = context.Node;
        return Knows(node)
            ? _byName[node.OpType].Prepare(context) : throw context.Unsupported("training doesn't know this operator");
    }
}
