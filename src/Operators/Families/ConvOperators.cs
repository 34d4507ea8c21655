using MsSrConvert.GraphIR;
using MsSrConvert.Operators.Checking;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators.Families;

/// <summary>Convolutions: (N, C, spatial…) with weights (M, C/group, kernel…), transposed (C, M/group, kernel…).</summary>
internal static class ConvOperators
{
    private static readonly Attr[] Window =
    [
        PoolOperators.AutoPad, Attr.Ints("kernel_shape", min: 1), Attr.Ints("strides", min: 1), Attr.Ints("dilations", min: 1),
        Attr.Ints("pads"), Attr.Int("group", 1, min: 1),
    ];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Conv")
        {
            Inputs = [Data("X"), Data("W"), Bias],
            Attributes = Window,
            Relations = node => Check(node, new Places(1, Bias: 2)),
        },
        new("ConvTranspose")
        {
            Inputs = [Data("X"), Data("W"), Bias],
            Attributes = [.. Window, Attr.Ints("output_padding", min: 0), Attr.Ints("output_shape", min: 1)],
            Relations = CheckTransposed,
        },
        new("ConvInteger")
        {
            Inputs =
            [
                In.Of("x", TypeSet.Bytes).Rank(3), In.Of("w", TypeSet.Bytes).Rank(3), In.Of("x_zero_point", TypeSet.Bytes).Optional(),
                In.Of("w_zero_point", TypeSet.Bytes).Optional(),
            ],
            Attributes = Window,
            Relations = node => Check(node, new Places(1, Bias: null)),
        },
        new("QLinearConv")
        {
            Inputs =
            [
                In.Of("x", TypeSet.Bytes).Rank(3), In.Of("x_scale", TypeSet.Floats), In.Of("x_zero_point", TypeSet.Bytes),
                In.Of("w", TypeSet.Bytes).Rank(3), In.Of("w_scale", TypeSet.Floats), In.Of("w_zero_point", TypeSet.Bytes),
                In.Of("y_scale", TypeSet.Floats), In.Of("y_zero_point", TypeSet.Bytes), In.Of("B", TypeSet.Of(ElementType.Int32)).Rank(1, 1).Optional(),
            ],
            Attributes = Window,
            Relations = node => Check(node, new Places(3, Bias: 8)),
        },
        new("DeformConv")
        {
            Inputs = [Data("X"), Data("W"), Data("offset"), Bias, In.T("mask", TypeSet.Floats).Optional()],
            Attributes = [.. Window, Attr.Int("offset_group", 1, min: 1)],
            Relations = node => Check(node, new Places(1, Bias: 3)),
        },
    ];

    private static In Bias => In.T("B", TypeSet.Floats).Rank(1, 1).Optional();

    private static In Data(string name) => In.T(name, TypeSet.Floats).Rank(3);

    private static void Check(NodeOperands node, Places places)
    {
        CheckWindow(node, places.Weights);
        var group = node.Int("group");
        if (node.Size(places.Weights, 0) is { } outputs)
        {
            Divides(node, group, outputs, "output channels");
            if (places.Bias is { } bias)
                node.RequireLength(bias, outputs, "one for each output channel");
        }

        if (node.Size(0, 1) is not { } channels || node.Size(places.Weights, 1) is not { } read)
            return;
        Divides(node, group, channels, "input channels");
        if (group > 0 && channels % group == 0 && read != channels / group)
        {
            var each = group == 1 ? "" : $", {channels / group} in each of {group} groups,";
            node.RejectOperand($"its data has {channels} channels{each} and {node.Name(places.Weights)} is for {read}");
        }
    }

    private static void CheckTransposed(NodeOperands node)
    {
        CheckWindow(node, 1);
        var group = node.Int("group");
        if (node.Rank(1) is { } rank)
        {
            node.RequireEntries("output_padding", rank - 2, "one for each spatial axis");
            node.RequireEntries("output_shape", rank - 2, "one for each spatial axis");
        }

        if (node.Size(1, 0) is { } channels)
        {
            Divides(node, group, channels, "input channels");
            if (node.Size(0, 1) is { } given && given != channels)
                node.RejectOperand($"its data has {given} channels and {node.Name(1)} is for {channels}");
        }

        // Of an absurd group the product would be another number.
        if (node.Size(1, 1) is { } each && group <= int.MaxValue && each <= int.MaxValue)
            node.RequireLength(2, each * group, "one for each output channel");
    }

    private static void CheckWindow(NodeOperands node, int weights)
    {
        if (node.Rank(weights) is not { } rank)
            return;
        if (node.Rank(0) is { } data && data != rank)
        {
            node.RejectOperand($"{node.Name(weights)} has {rank} dimensions, {node.Type(weights)!.Shape}, and its data {data}, {node.Type(0)!.Shape}; they need the same number");
            return;
        }

        PoolOperators.CheckWindow(node, rank - 2);
        if (node.Ints("kernel_shape") is not { } kernel || kernel.Count != rank - 2)
            return;
        for (var axis = 0; axis < kernel.Count; axis++)
        {
            if (node.Size(weights, axis + 2) is { } size && size != kernel[axis])
                node.RejectAttribute($"attribute 'kernel_shape' is [{string.Join(", ", kernel)}], but {node.Name(weights)} has the shape {node.Type(weights)!.Shape}");
        }
    }

    private static void Divides(NodeOperands node, long group, long channels, string what)
    {
        if (group > 0 && channels % group != 0)
            node.RejectAttribute($"attribute 'group' is {group}; it must divide the {channels} {what}");
    }

    private readonly record struct Places(int Weights, int? Bias);
}
