using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Operators that normalise feature maps.</summary>
internal static class NormalizationOperators
{
    private const long ReducedOutputs = 14;

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("BatchNormalization")
        {
            Inputs = [In.T("X", TypeSet.Floats), Parameter("scale"), Parameter("B"), Parameter("mean"), Parameter("var")],
            MaxOutputs = 5,
            Attributes = [Attr.Float("epsilon", 1e-5f), Attr.Float("momentum", 0.9f), Attr.Flag("spatial", 1), Attr.Flag("training_mode")],
            Relations = node => CheckChannels(node, 4),
        },
        new("BatchNormalization")
        {
            Since = ReducedOutputs,
            Inputs = [In.T("X", TypeSet.Floats), Parameter("scale"), Parameter("B"), Parameter("input_mean"), Parameter("input_var")],
            MaxOutputs = 3,
            Attributes = [Attr.Float("epsilon", 1e-5f), Attr.Float("momentum", 0.9f), Attr.Flag("training_mode")],
            Relations = node => CheckChannels(node, 4),
        },
        new("InstanceNormalization")
        {
            Inputs = [In.T("input", TypeSet.Floats).Rank(3), In.T("scale", TypeSet.Floats).Rank(1, 1), In.T("B", TypeSet.Floats).Rank(1, 1)],
            Attributes = [Attr.Float("epsilon", 1e-5f)],
            Relations = node => CheckChannels(node, 2),
        },
        new("GroupNormalization")
        {
            Inputs = [In.T("X", TypeSet.Floats).Rank(3), In.T("scale", TypeSet.Floats).Rank(1, 1), In.T("bias", TypeSet.Floats).Rank(1, 1)],
            Attributes = [Attr.Float("epsilon", 1e-5f), Attr.Int("num_groups", min: 1).Required(), Attr.Int("stash_type", 1)],
            Relations = CheckGroups,
        },
        new("LayerNormalization")
        {
            Inputs = [In.T("X", TypeSet.Floats), In.Of("Scale", TypeSet.Floats), In.Of("B", TypeSet.Floats).Optional()],
            MaxOutputs = 3,
            Attributes = [Attr.Axis(fallback: -1), Attr.Float("epsilon", 1e-5f), Attr.Int("stash_type", 1)],
        },
        new("RMSNormalization")
        {
            Inputs = [In.Of("X", TypeSet.Floats), In.Of("scale", TypeSet.Floats)],
            Attributes = [Attr.Axis(fallback: -1), Attr.Float("epsilon", 1e-5f), Attr.Int("stash_type", 1)],
        },
        new("LRN")
        {
            Inputs = [In.T("X", TypeSet.Floats)],
            Attributes = [Attr.Int("size", min: 1).Required(), Attr.Float("alpha", 1e-4f), Attr.Float("beta", 0.75f), Attr.Float("bias", 1)],
        },
        new("LpNormalization") { Inputs = [In.T("input", TypeSet.Floats)], Attributes = [Attr.Axis(fallback: -1), Attr.Int("p", 2, min: 1, max: 2)] },
        new("MeanVarianceNormalization") { Inputs = [In.T("X", TypeSet.Floats)], Attributes = [Attr.Ints("axes")] },
    ];

    private static In Parameter(string name) => In.Of(name, TypeSet.Floats);

    // Before opset 9 a BatchNormalization could have one parameter for each element; those are as long as the map is large.
    private static void CheckChannels(NodeOperands node, int parameters)
    {
        if (node.Node.Is("BatchNormalization") && node.Int("spatial") == 0 && node.Attribute("spatial") is not null)
            return;
        var first = node.Rank(1) == 1 ? node.Size(1, 0) : null;
        var channels = node.Size(0, 1) ?? first;
        for (var i = 1; i <= parameters; i++)
            node.RequireLength(i, channels, "one for each channel");
    }

    private static void CheckGroups(NodeOperands node)
    {
        var groups = node.Int("num_groups");
        if (node.Size(0, 1) is { } channels && groups > 0 && channels % groups != 0)
            node.RejectAttribute($"attribute 'num_groups' is {groups}; it must divide the {channels} channels");
    }
}
