using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Pooling over windows of (N, C, spatial…), and over all of it.</summary>
internal static class PoolOperators
{
    private static readonly Attr[] Window =
    [
        AutoPad, Attr.Ints("kernel_shape", min: 1).Required(), Attr.Ints("strides", min: 1), Attr.Ints("dilations", min: 1),
        Attr.Ints("pads"), Attr.Flag("ceil_mode"),
    ];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        Pool("MaxPool", TypeSet.Floats | TypeSet.Bytes, Attr.Flag("storage_order")) with { MaxOutputs = 2 },
        Pool("AveragePool", TypeSet.Floats, Attr.Flag("count_include_pad")),
        Pool("LpPool", TypeSet.Floats, Attr.Int("p", 2, min: 1)),
        new("GlobalAveragePool") { Inputs = [Data("X", TypeSet.Floats)] },
        new("GlobalMaxPool") { Inputs = [Data("X", TypeSet.Floats)] },
        new("GlobalLpPool") { Inputs = [Data("X", TypeSet.Floats)], Attributes = [Attr.Int("p", 2, min: 1)] },
        new("MaxUnpool")
        {
            Inputs = [Data("X", TypeSet.Floats), In.Of("I", TypeSet.Int64), In.List("output_shape").Optional()],
            Attributes = [Attr.Ints("kernel_shape", min: 1).Required(), Attr.Ints("strides", min: 1), Attr.Ints("pads")],
            Relations = CheckPool,
        },
        new("MaxRoiPool")
        {
            Inputs = [In.T("X", TypeSet.Floats).Rank(4, 4), In.T("rois", TypeSet.Floats).Rank(2, 2)],
            Attributes = [Attr.Ints("pooled_shape", min: 1).Required(), Attr.Float("spatial_scale", 1)],
        },
    ];

    /// <summary>How the padding follows from the input's size.</summary>
    public static Attr AutoPad => Attr.Text("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", "");

    /// <summary>Strides, dilations, pads and kernel must have one entry for each spatial axis, pads two.</summary>
    public static void CheckWindow(NodeOperands node, int spatial)
    {
        foreach (var name in (string[])["kernel_shape", "strides", "dilations"])
            node.RequireEntries(name, spatial, "one for each spatial axis");
        if (node.Text("auto_pad") is "NOTSET" or "")
            node.RequireEntries("pads", 2L * spatial, "the pads before each spatial axis, then those behind");
    }

    private static Operator Pool(string name, TypeSet types, params IReadOnlyList<Attr> attributes) => new(name)
    {
        Inputs = [Data("X", types)],
        Attributes = [.. Window, .. attributes],
        Relations = CheckPool,
    };

    private static In Data(string name, TypeSet types) => In.T(name, types).Rank(3);

    private static void CheckPool(NodeOperands node)
    {
        if ((node.Rank(0) - 2 ?? node.Ints("kernel_shape")?.Count) is { } spatial)
            CheckWindow(node, spatial);
    }
}
