using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using Attr = MsSrConvert.Operators.AttributeRule;
using In = MsSrConvert.Operators.Operand;

namespace MsSrConvert.Operators;

/// <summary>Convolutions: (N, C, spatial…) with weights (M, C/group, kernel…), transposed (C, M/group, kernel…).</summary>
internal static class ConvOperators
{
    /// <summary>The attributes of a convolution.</summary>
    public static readonly Attr[] Attributes =
    [
        Window.AutoPadAttribute, Attr.Ints("kernel_shape", min: 1), Attr.Ints("strides", min: 1), Attr.Ints("dilations", min: 1),
        Attr.Ints("pads"), Attr.Int("group", 1, min: 1),
    ];

    /// <summary>The operators.</summary>
    public static IReadOnlyList<Operator> All { get; } =
    [
        new("Conv", new OperatorForm([Data("X"), Data("W"), Bias], Attributes)
        {
            Relations = node => Check(node, new Places(1, Bias: 2)),
        })
        {
            Traits = Traits.Window | Traits.Product,
            Shape = context => InferConv(context, 1, context.Element(0)),
            Versions = [7, 11, 22],
        },
        new("ConvTranspose", new OperatorForm(
            [Data("X"), Data("W"), Bias], [.. Attributes, Attr.Ints("output_padding", min: 0), Attr.Ints("output_shape", min: 1)])
        {
            Relations = CheckTransposed,
        })
        {
            Traits = Traits.Window | Traits.Product,
            Shape = InferTransposed,
            Versions = [7, 11, 22],
        },
        new("ConvInteger", new OperatorForm(
            [
                In.Of("x", TypeSet.Bytes).Rank(3), In.Of("w", TypeSet.Bytes).Rank(3),
                In.Of("x_zero_point", TypeSet.Bytes).Optional(), In.Of("w_zero_point", TypeSet.Bytes).Optional(),
            ],
            Attributes)
        {
            Relations = node => Check(node, new Places(1, Bias: null)),
        })
        {
            Traits = Traits.Product,
            Shape = context => InferConv(context, 1, ElementType.Int32),
            Versions = [10],
        },
        new("QLinearConv", new OperatorForm(
            [
                In.Of("x", TypeSet.Bytes).Rank(3), In.Of("x_scale", TypeSet.Floats), In.Of("x_zero_point", TypeSet.Bytes),
                In.Of("w", TypeSet.Bytes).Rank(3), In.Of("w_scale", TypeSet.Floats), In.Of("w_zero_point", TypeSet.Bytes),
                In.Of("y_scale", TypeSet.Floats), In.Of("y_zero_point", TypeSet.Bytes),
                In.Of("B", TypeSet.Of(ElementType.Int32)).Rank(1, 1).Optional(),
            ],
            Attributes)
        {
            Relations = node => Check(node, new Places(3, Bias: 8)),
        })
        {
            Traits = Traits.Product,
            Shape = context => InferConv(context, 3, context.Element(7)),
            Versions = [10],
        },
        new("DeformConv", new OperatorForm(
            [Data("X"), Data("W"), Data("offset"), Bias, In.T("mask", TypeSet.Floats).Optional()],
            [.. Attributes, Attr.Int("offset_group", 1, min: 1)])
        {
            Relations = node => Check(node, new Places(1, Bias: 3)),
        })
        {
            Traits = Traits.Product,
            Shape = context => InferConv(context, 1, context.Element(0)),
            Versions = [19, 22],
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
            node.RejectOperand(
                $"{node.Name(weights)} has {rank} dimensions, {node.Type(weights)!.Shape}, and its data {data}, " +
                $"{node.Type(0)!.Shape}; they need the same number");
            return;
        }

        Window.Check(node, rank - 2);
        if (node.Ints("kernel_shape") is not { } kernel || kernel.Count != rank - 2)
            return;
        for (var axis = 0; axis < kernel.Count; axis++)
        {
            if (node.Size(weights, axis + 2) is not { } size || size == kernel[axis])
                continue;
            node.RejectAttribute(
                $"attribute 'kernel_shape' is [{string.Join(", ", kernel)}], but {node.Name(weights)} has the shape " +
                $"{node.Type(weights)!.Shape}");
        }
    }

    private static void Divides(NodeOperands node, long group, long channels, string what)
    {
        if (group > 0 && channels % group != 0)
            node.RejectAttribute($"attribute 'group' is {group}; it must divide the {channels} {what}");
    }

    // Conv and its integer and deformable variants: (N, C, spatial…) with weights (M, C/group, kernel…) to (N, M, spatial…).
    private static void InferConv(ShapeContext context, int weight, ElementType element)
    {
        var x = context.Shape(0);
        var w = context.Shape(weight);
        context.Set(0, element, null);
        if ((x?.Rank ?? w?.Rank ?? context.Ints("kernel_shape")?.Count + 2) is not { } rank)
            return;
        ShapeContext.Require(rank >= 3 && (w is null || w.Rank == rank), $"it can't slide weights {w} over an input {x}");
        var group = context.IntOf("group");
        ShapeContext.Require(group > 0, "attribute 'group' isn't positive");
        if (x is not null && w is not null)
            context.Unify(x[1], w[1] * group, "input channels of the data and of the weights");
        var windows = Window.Read(context, rank - 2, w?.Skip(2).ToArray());
        var same = Window.AutoPad(context).StartsWith("SAME", StringComparison.Ordinal);
        var spatial = windows.Select((window, i) =>
            window.Positions(context, i + 2, x?[i + 2] ?? Dim.Unknown, same, ceiling: false));
        context.Set(0, element, new Shape([x?[0] ?? Dim.Unknown, w?[0] ?? Dim.Unknown, .. spatial]));
    }

    // ConvTranspose: (N, C, spatial…) with weights (C, M/group, kernel…) to (N, M, spatial…).
    private static void InferTransposed(ShapeContext context)
    {
        var x = context.Shape(0);
        var w = context.Shape(1);
        context.Set(null);
        if ((x?.Rank ?? w?.Rank ?? context.Ints("kernel_shape")?.Count + 2) is not { } rank)
            return;
        ShapeContext.Require(rank >= 3 && (w is null || w.Rank == rank), $"it can't slide weights {w} over an input {x}");
        var group = context.IntOf("group");
        ShapeContext.Require(group > 0, "attribute 'group' isn't positive");
        if (x is not null && w is not null)
            context.Unify(x[1], w[0], "input channels of the data and of the weights");
        var windows = Window.Read(context, rank - 2, w?.Skip(2).ToArray());
        var same = Window.AutoPad(context).StartsWith("SAME", StringComparison.Ordinal);
        var extra = context.Ints("output_padding");
        ShapeContext.Require(extra is null || extra.Count == windows.Length, "attribute 'output_padding' doesn't fit");
        var given = context.Ints("output_shape");
        ShapeContext.Require(given is null || given.Count == windows.Length, "attribute 'output_shape' doesn't fit");
        var spatial = windows.Select((window, i) =>
            given is not null ? given[i] : Size(window, x?[i + 2] ?? Dim.Unknown, same, extra?[i] ?? 0));
        context.Set(new Shape([x?[0] ?? Dim.Unknown, (w?[1] ?? Dim.Unknown) * group, .. spatial]));
    }

    private static Dim Size(Window window, Dim size, bool same, long extra)
    {
        if (same)
            return size * window.Stride;
        return window.Extent is { } extent
            ? (size - 1) * window.Stride + (extent + extra - window.PadBegin - window.PadEnd)
            : Dim.Unknown;
    }

    private readonly record struct Places(int Weights, int? Bias);
}
