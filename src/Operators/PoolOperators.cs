using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Pooling over windows of (N, C, spatial…), and over all of it.</summary>
internal static class PoolOperators
{
    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Pool("MaxPool", [7, 8, 10, 11, 12, 22], TypeSet.Floats | TypeSet.Bytes, Dilations, Ceiling, Attr.Flag("storage_order")),
        Pool("AveragePool", [7, 10, 11, 19, 22], TypeSet.Floats, Dilations.Added(19), Ceiling, Attr.Flag("count_include_pad")),
        Pool("LpPool", [7, 11, 18, 22], TypeSet.Floats, Dilations.Added(18), Ceiling.Added(18), Power) with
        {
            Decomposition = Formula.Decomposition(LpPool),
        },
        Global("GlobalAveragePool", [7, 22]),
        Global("GlobalMaxPool", [7, 22]) with
        {
            Decomposition = Formula.Decomposition(f => f.Becomes("Identity", f.Reduce("ReduceMax", f.X, f.AxesFrom(2)))),
        },
        Global("GlobalLpPool", [7, 22], Power) with
        {
            Decomposition = Formula.Decomposition(f =>
                f.Becomes("Pow", f.Reduce("ReduceSum", ToPower(f), f.AxesFrom(2)), f.Number(1.0 / f.Int("p")))),
        },
        new("MaxUnpool", new OperatorForm(
            [Data("X", TypeSet.Floats), In.Of("I", TypeSet.Int64), In.List("output_shape").Optional()],
            Kernel, Attr.Ints("strides", min: 1), Attr.Ints("pads"))
        {
            Relations = CheckPool,
        })
        {
            Traits = Traits.WholeMap,
            Shape = InferUnpool,
            Versions = [9, 11, 22],
        },
    ];

    private static Attr Kernel => Attr.Ints("kernel_shape", min: 1).Required();

    private static Attr Dilations => Attr.Ints("dilations", min: 1, fallback: 1);

    private static Attr Ceiling => Attr.Flag("ceil_mode");

    private static Attr Power => Attr.Int("p", 2, min: 1);

    private static Operator Pool(
        string name, IReadOnlyList<OperatorVersion> versions, TypeSet types, params IReadOnlyList<Attr> attributes) =>
        new(name, new OperatorForm(
            [Data("X", types)], [Window.AutoPadAttribute, Kernel, Attr.Ints("strides", min: 1), Attr.Ints("pads"), .. attributes])
        {
            // The largest elements' places.
            MaxOutputs = name == "MaxPool" ? 2 : 1,
            Relations = CheckPool,
        })
        {
            Traits = Traits.Window,
            Shape = InferPool,
            Versions = versions,
        };

    private static Operator Global(string name, IReadOnlyList<OperatorVersion> versions, params IReadOnlyList<Attr> attributes) =>
        new(name, new OperatorForm([Data("X", TypeSet.Floats)], attributes))
        {
            Traits = Traits.WholeMap,
            Shape = context => context.Set(context.Shape(0) is { } x ? new Shape(x.Select((d, i) => i < 2 ? d : 1)) : null),
            Versions = versions,
        };

    private static In Data(string name, TypeSet types) => In.T(name, types).Rank(3);

    private static void CheckPool(NodeOperands node)
    {
        if ((node.Rank(0) - 2 ?? node.Ints("kernel_shape")?.Count) is { } spatial)
            Window.Check(node, spatial);
    }

    // Pooling over windows; MaxPool's second output holds indices.
    private static void InferPool(ShapeContext context)
    {
        var kernel = context.Ints("kernel_shape") ?? throw new MalformedNodeException("attribute 'kernel_shape' is missing");
        var x = context.Shape(0);
        ShapeContext.Require(x is null || x.Rank == kernel.Count + 2, $"a kernel of {kernel.Count} axes can't slide over {x}");
        var same = Window.AutoPad(context).StartsWith("SAME", StringComparison.Ordinal);
        var ceiling = context.IntOf("ceil_mode") != 0;
        // Run times don't agree with the standard on how much a dilated pooling of the same size is padded.
        var unclear = same && context.Ints("dilations")?.Any(d => d > 1) == true;
        var size = unclear ? null : x;
        var spatial = Window.Read(context, kernel.Count, null)
            .Select((window, i) => window.Positions(context, i + 2, size?[i + 2] ?? Dim.Unknown, same, ceiling));
        var shape = new Shape([x?[0] ?? Dim.Unknown, x?[1] ?? Dim.Unknown, .. spatial]);
        context.Set(shape);
        context.Set(1, ElementType.Int64, shape);
    }

    // MaxUnpool: the inverse of MaxPool's arithmetic, or the shape given by the third input.
    private static void InferUnpool(ShapeContext context)
    {
        context.Set(context.Dims(2) is { } given ? new Shape(given) : null);
        if (context.Has(2) || context.Shape(0) is not { } x)
            return;
        ShapeContext.Require(x.Rank >= 3, $"it can't slide over {x}");
        var spatial = Window.Read(context, x.Rank - 2, null).Select((window, i) => window.Extent is { } extent
            ? (x[i + 2] - 1) * window.Stride + (extent - window.PadBegin - window.PadEnd)
            : Dim.Unknown);
        context.Set(new Shape([x[0], x[1], .. spatial]));
    }

    private static Value ToPower(Formula f) => f.Of("Pow", f.Of("Abs", f.X), f.Number(f.Int("p")));

    // The mean over all of a window, pads too, times its size is the sum.
    private static void LpPool(Formula f)
    {
        var window = f.Node.GetInts("kernel_shape") ?? throw f.Decline("it has no kernel_shape");
        if (f.Int("ceil_mode") != 0)
            throw f.Decline("its last windows reach beyond the image");
        var mean = f.NodeOf("AveragePool", ToPower(f)).With("count_include_pad", 1);
        foreach (var (name, value) in f.Node.Attributes.Where(a => a.Key != "p"))
            mean.With(name, value);
        var sum = f.Of("Mul", mean.Output, f.Number(window.Aggregate(1L, (a, b) => a * b)));
        f.Becomes("Pow", sum, f.Number(1.0 / f.Int("p")));
    }
}
