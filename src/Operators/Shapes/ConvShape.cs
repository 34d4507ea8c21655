using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>
/// Conv and its integer and deformable variants: (N, C, spatial…) with weights (M, C/group, kernel…) to (N, M, spatial…).
/// </summary>
internal sealed class ConvShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["Conv", "ConvInteger", "QLinearConv", "DeformConv"];

    public void Infer(ShapeContext context)
    {
        var (weight, element) = context.Node.OpType switch
        {
            "ConvInteger" => (1, ElementType.Int32),
            "QLinearConv" => (3, context.Element(7)),
            _ => (1, context.Element(0)),
        };
        var x = context.Shape(0);
        var w = context.Shape(weight);
        context.Set(0, element, null);
        if ((x?.Rank ?? w?.Rank ?? context.Ints("kernel_shape")?.Count + 2) is not { } rank)
            return;
        ShapeContext.Require(rank >= 3 && (w is null || w.Rank == rank), $"it can't slide weights {w} over an input {x}");
        var group = context.Int("group", 1);
        ShapeContext.Require(group > 0, "attribute 'group' isn't positive");
        if (x is not null && w is not null)
            context.Unify(x[1], w[1] * group, "input channels of the data and of the weights");
        var windows = Window.Read(context, rank - 2, w?.Skip(2).ToArray());
        var same = Window.AutoPad(context).StartsWith("SAME", StringComparison.Ordinal);
        var spatial = windows.Select((window, i) =>
            window.Positions(context, i + 2, x?[i + 2] ?? Dim.Unknown, same, ceiling: false));
        context.Set(0, element, new Shape([x?[0] ?? Dim.Unknown, w?[0] ?? Dim.Unknown, .. spatial]));
    }
}

/// <summary>ConvTranspose: (N, C, spatial…) with weights (C, M/group, kernel…) to (N, M, spatial…).</summary>
internal sealed class ConvTransposeShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["ConvTranspose"];

    public void Infer(ShapeContext context)
    {
        var x = context.Shape(0);
        var w = context.Shape(1);
        context.Set(null);
        if ((x?.Rank ?? w?.Rank ?? context.Ints("kernel_shape")?.Count + 2) is not { } rank)
            return;
        ShapeContext.Require(rank >= 3 && (w is null || w.Rank == rank), $"it can't slide weights {w} over an input {x}");
        var group = context.Int("group", 1);
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
}
