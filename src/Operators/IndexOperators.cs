using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using static MsSrConvert.Operators.OperatorVersion;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Operators that pick or place elements by index.</summary>
internal static class IndexOperators
{
    private static readonly string[] Reductions = ["none", "add", "mul", "max", "min"];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Gather", new OperatorForm([Data.Rank(1), Indices], Attr.Axis(fallback: 0)))
        {
            Shape = InferGather,
            Versions = [7, 11, 13],
            Evaluate = Gather,
        },
        new("GatherElements", new OperatorForm([Data.Rank(1), Indices.Rank(1)], Attr.Axis(fallback: 0)))
        {
            Shape = context => context.Set(context.Shape(1)),
            Versions = [11, 13],
        },
        new("GatherND", new OperatorForm(
            [Data.Rank(1), In.Of("indices", TypeSet.Int64).Rank(1)], Attr.Int("batch_dims", 0, min: 0)))
        {
            Shape = InferGatherND,
            Versions = [11, 12, 13],
        },
        new("Scatter", new OperatorForm([Data.Rank(1), Indices.Rank(1), Updates], Attr.Axis(fallback: 0)))
        {
            Shape = SharedShapes.Same,
            Versions = [9, Breaking(11, step => step.Node.OpType = "ScatterElements")],
        },
        Scatter("ScatterElements", [Data.Rank(1), Indices.Rank(1), Updates], Attr.Axis(fallback: 0)),
        Scatter("ScatterND", [Data.Rank(1), In.Of("indices", TypeSet.Int64).Rank(1), Updates]),
        new("TensorScatter", new OperatorForm(
            [In.T("past_cache", TypeSet.Any), In.T("update", TypeSet.Any), In.List("write_indices").Rank(1, 1).Optional()],
            Attr.Axis(fallback: -2), Attr.Text("mode", "linear", "linear", "circular")))
        {
            Shape = SharedShapes.Same,
            Versions = [24],
        },
        new("Compress", new OperatorForm([Data.Rank(1), In.Of("condition", TypeSet.Bool).Rank(1, 1)], Attr.Axis()))
        {
            Traits = Traits.DataSized | Traits.WholeMap,
            Shape = InferSelection,
            Versions = [9, 11],
        },
        new("Unique", new OperatorForm([Data], Attr.Axis(), Attr.Flag("sorted", 1)) { MaxOutputs = 4 })
        {
            Traits = Traits.DataSized | Traits.WholeMap,
            Shape = InferSelection,
            Versions = [11],
        },
        new("NonZero", new OperatorForm([In.T("X", TypeSet.Any)]))
        {
            Traits = Traits.DataSized | Traits.WholeMap,
            Shape = context => context.Set(0, ElementType.Int64, new Shape(context.Shape(0)?.Rank ?? Dim.Unknown, Dim.Unknown)),
            Versions = [9, 13],
        },
        new("NonMaxSuppression", new OperatorForm(
            [
                In.Of("boxes", TypeSet.Float).Rank(3, 3), In.Of("scores", TypeSet.Float).Rank(3, 3),
                In.Single("max_output_boxes_per_class", TypeSet.Int64).Optional(),
                In.Single("iou_threshold", TypeSet.Float).Optional(), In.Single("score_threshold", TypeSet.Float).Optional(),
            ],
            Attr.Int("center_point_box", 0, 0, 1)))
        {
            Traits = Traits.DataSized | Traits.WholeMap,
            Shape = context => context.Set(0, ElementType.Int64, new Shape(Dim.Unknown, 3)),
            Versions = [10, 11],
        },
        new("TopK",
            new([Sortable], Attr.Axis(fallback: -1), Attr.Int("k", min: 0).Required()) { MaxOutputs = 2 },
            new([Sortable, In.List("K")], Attr.Axis(fallback: -1), Attr.Flag("largest", 1), Attr.Flag("sorted", 1))
            {
                Since = 10,
                MaxOutputs = 2,
            })
        {
            Traits = Traits.DataSized | Traits.WholeMap,
            Shape = InferTopK,
            Versions = [7, Breaking(10, CountToInput), 11, 24],
        },
        new("OneHot", new OperatorForm(
            [In.Of("indices", TypeSet.Numbers), In.Single("depth", TypeSet.Numbers), In.Of("values", TypeSet.Any).Rank(1, 1)],
            Attr.Axis(fallback: -1)))
        {
            Shape = InferOneHot,
            Versions = [9, 11],
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static In Indices => In.Of("indices", TypeSet.Index);

    private static In Sortable => In.T("data", TypeSet.Numbers | TypeSet.Bool);

    private static In Updates => In.T("updates", TypeSet.Any);

    private static Operator Scatter(string name, IReadOnlyList<In> inputs, params IReadOnlyList<Attr> attributes) =>
        new(name, new OperatorForm(inputs, [.. attributes, Attr.Text("reduction", "none", Reductions).Added(16)]))
        {
            Shape = SharedShapes.Same,
            Versions = [11, 13, 16, new(18) { Downgrade = RefuseMinAndMax }],
        };

    // Gather: picks slices along one axis; the indices' shape takes the axis' place.
    private static void InferGather(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } data || context.Shape(1) is not { } indices)
            return;
        var axis = ShapeContext.Axis(context.IntOf("axis"), data.Rank);
        context.Set(new Shape([.. data.Take(axis), .. indices, .. data.Skip(axis + 1)]));
        if (data.Rank == 1 && context.Content(0) is { } content && context.Numbers(1) is { } picks)
            context.SetContent(0, Array.ConvertAll(picks, p => content[ShapeContext.Axis(p, content.Length, "index")]));
    }

    private static TensorData? Gather(Node node, TensorData data, IReadOnlyList<TensorData?> inputs) =>
        inputs[1] is { } indices && data.Dims.Count > 0
            ? TensorMovement.Gather(data, indices, Constants.FromFront(node.IntOf("axis"), data.Dims.Count))
            : null;

    // GatherND: the indices' last axis holds coordinates.
    private static void InferGatherND(ShapeContext context)
    {
        context.Set(null);
        if (context.Shape(0) is not { } data || context.Shape(1) is not { Rank: > 0 } indices || !indices[^1].IsKnown)
            return;
        var batch = context.IntOf("batch_dims");
        ShapeContext.Require(batch >= 0 && indices[^1].Offset >= 0 && batch + indices[^1].Offset <= data.Rank,
            $"indices {indices} don't address {data}");
        context.Set(new Shape([.. indices.SkipLast(1), .. data.Skip((int)(batch + indices[^1].Offset))]));
    }

    // Operators that pick a number of elements only the data decides.
    private static void InferSelection(ShapeContext context)
    {
        if (context.Node.OpType == "NonMaxSuppression")
        {
            context.Set(0, ElementType.Int64, new Shape(Dim.Unknown, 3));
            return;
        }

        var axis = context.Node.Attributes.ContainsKey("axis") ? context.IntOf("axis") : (long?)null;
        context.Set(axis is null ? ShapeContext.UnknownOf(1) : null);
        if (axis is not null && context.Shape(0) is { } shape)
            context.Set(shape.With(ShapeContext.Axis(axis.Value, shape.Rank), Dim.Unknown));
        for (var i = 1; i < context.Node.Outputs.Count; i++)
            context.Set(i, ElementType.Int64, ShapeContext.UnknownOf(1));
    }

    // TopK: values and indices of the k largest along one axis.
    private static void InferTopK(ShapeContext context)
    {
        Shape? shape = null;
        if (context.Shape(0) is { } x)
        {
            var k = context.Has(1) ? context.Dims(1) is [var one] ? one : Dim.Unknown : context.IntOf("k");
            shape = x.With(ShapeContext.Axis(context.IntOf("axis"), x.Rank), k);
        }

        context.Set(shape);
        context.Set(1, ElementType.Int64, shape);
    }

    // OneHot: a new axis as deep as the second input says.
    private static void InferOneHot(ShapeContext context)
    {
        context.Set(0, context.Element(2), null);
        if (context.Shape(0) is not { } indices)
            return;
        var depth = context.Dims(1) is [var one] ? one : Dim.Unknown;
        var axis = ShapeContext.Axis(context.IntOf("axis"), indices.Rank + 1);
        context.Set(0, context.Element(2), new Shape([.. indices.Take(axis), depth, .. indices.Skip(axis)]));
    }

    private static void CountToInput(RewriteStep step)
    {
        step.Node.SetInput(1, step.Emit.Ints(step.Node, "k", step.Int("k")));
        step.Node.Attributes.Remove("k");
    }

    private static void RefuseMinAndMax(RewriteStep step)
    {
        if (step.Text("reduction") is "min" or "max")
            throw step.Decline("the reductions 'min' and 'max' came with opset 18");
    }
}
