using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>The one table of shape rules.</summary>
internal static class ShapeRules
{
    /// <summary>Every rule.</summary>
    public static IReadOnlyList<IShapeRule> All { get; } =
    [
        new SameShape(), new BroadcastShape(), new WhereShape(), new CastShape(), new DropoutShape(), new BatchNormShape(),
        new LayerNormShape(),
        new ConvShape(), new ConvTransposeShape(), new PoolShape(), new GlobalPoolShape(), new MaxUnpoolShape(),
        new MatMulShape(), new GemmShape(), new EinsumShape(),
        new ConcatShape(), new SplitShape(), new SliceShape(), new PadShape(), new ReshapeShape(), new FlattenShape(),
        new TransposeShape(), new SqueezeShape(), new UnsqueezeShape(), new ExpandShape(), new TileShape(),
        new GatherShape(), new GatherElementsShape(), new GatherNDShape(),
        new ResizeShape(), new UpsampleShape(), new DepthToSpaceShape(), new GridSampleShape(), new AffineGridShape(),
        new RoiPoolShape(), new CenterCropPadShape(), new Col2ImShape(),
        new ReduceShape(), new ArgReduceShape(), new TopKShape(), new DetShape(),
        new ConstantShape(), new ConstantOfShapeShape(), new ShapeShape(), new SizeShape(), new RangeShape(),
        new RandomShape(), new EyeLikeShape(), new OneHotShape(), new NonZeroShape(), new SelectionShape(),
        new QuantizeShape(), new RecurrentShape(), new IfShape(), new LoopShape(),
    ];

    private static readonly Dictionary<string, IShapeRule> Table = All
        .SelectMany(rule => rule.Operators, (rule, op) => (Operator: op, Rule: rule))
        .ToDictionary(entry => entry.Operator, entry => entry.Rule);

    /// <summary>All operators that have a rule.</summary>
    public static IEnumerable<string> Operators => Table.Keys;

    /// <summary>The rule of an operator of ONNX's own set, or null.</summary>
    public static IShapeRule? Find(string opType) => Table.GetValueOrDefault(opType);
}
