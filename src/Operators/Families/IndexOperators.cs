using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that pick or place elements by index.</summary>
internal static class IndexOperators
{
    private static readonly string[] Reductions = ["none", "add", "mul", "max", "min"];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Gather") { Inputs = [Data.Rank(1), Indices], Attributes = [Attr.Axis(fallback: 0)] },
        new("GatherElements") { Inputs = [Data.Rank(1), Indices.Rank(1)], Attributes = [Attr.Axis(fallback: 0)] },
        new("GatherND") { Inputs = [Data.Rank(1), In.Of("indices", TypeSet.Int64).Rank(1)], Attributes = [Attr.Int("batch_dims", 0, min: 0)] },
        new("Scatter") { Inputs = [Data.Rank(1), Indices.Rank(1), Updates], Attributes = [Attr.Axis(fallback: 0)] },
        new("ScatterElements")
        {
            Inputs = [Data.Rank(1), Indices.Rank(1), Updates],
            Attributes = [Attr.Axis(fallback: 0), Attr.Text("reduction", "none", Reductions)],
        },
        new("ScatterND")
        {
            Inputs = [Data.Rank(1), In.Of("indices", TypeSet.Int64).Rank(1), Updates],
            Attributes = [Attr.Text("reduction", "none", Reductions)],
        },
        new("Compress") { Inputs = [Data.Rank(1), In.Of("condition", TypeSet.Bool).Rank(1, 1)], Attributes = [Attr.Axis()] },
        new("Unique") { Inputs = [Data], MaxOutputs = 4, Attributes = [Attr.Axis(), Attr.Flag("sorted", 1)] },
        new("TensorScatter")
        {
            Inputs = [In.T("past_cache", TypeSet.Any), In.T("update", TypeSet.Any), In.List("write_indices").Rank(1, 1).Optional()],
            Attributes = [Attr.Axis(fallback: -2), Attr.Text("mode", "linear", "linear", "circular")],
        },
        new("NonMaxSuppression")
        {
            Inputs =
            [
                In.Of("boxes", TypeSet.Float).Rank(3, 3), In.Of("scores", TypeSet.Float).Rank(3, 3),
                In.Single("max_output_boxes_per_class", TypeSet.Int64).Optional(), In.Single("iou_threshold", TypeSet.Float).Optional(),
                In.Single("score_threshold", TypeSet.Float).Optional(),
            ],
            Attributes = [Attr.Int("center_point_box", 0, 0, 1)],
        },
        new("NonZero") { Inputs = [In.T("X", TypeSet.Any)] },
        new("OneHot")
        {
            Inputs = [In.Of("indices", TypeSet.Numbers), In.Single("depth", TypeSet.Numbers), In.Of("values", TypeSet.Any).Rank(1, 1)],
            Attributes = [Attr.Axis(fallback: -1)],
        },
    ];

    private static In Data => In.T("data", TypeSet.Any);

    private static In Indices => In.Of("indices", TypeSet.Index);

    private static In Updates => In.T("updates", TypeSet.Any);
}
