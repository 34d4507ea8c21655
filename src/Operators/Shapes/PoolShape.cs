using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators.Shapes;

/// <summary>Pooling over windows; MaxPool's second output holds indices.</summary>
internal sealed class PoolShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["AveragePool", "MaxPool", "LpPool"];

    public void Infer(ShapeContext context)
    {
        var kernel = context.Ints("kernel_shape") ?? throw new MalformedNodeException("attribute 'kernel_shape' is missing");
        var x = context.Shape(0);
        ShapeContext.Require(x is null || x.Rank == kernel.Count + 2, $"a kernel of {kernel.Count} axes can't slide over {x}");
        var same = Window.AutoPad(context).StartsWith("SAME", StringComparison.Ordinal);
        var ceiling = context.Int("ceil_mode", 0) != 0;
        // Run times don't agree with the standard on how much a dilated pooling of the same size is padded.
        var unclear = same && context.Ints("dilations")?.Any(d => d > 1) == true;
        var size = unclear ? null : x;
        var spatial = Window.Read(context, kernel.Count, null)
            .Select((window, i) => window.Positions(context, i + 2, size?[i + 2] ?? Dim.Unknown, same, ceiling));
        var shape = new Shape([x?[0] ?? Dim.Unknown, x?[1] ?? Dim.Unknown, .. spatial]);
        context.Set(shape);
        context.Set(1, ElementType.Int64, shape);
    }
}

/// <summary>Pooling over all spatial axes: (N, C, spatial…) to (N, C, 1…).</summary>
internal sealed class GlobalPoolShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"];

    public void Infer(ShapeContext context) =>
        context.Set(context.Shape(0) is { } x ? new Shape(x.Select((d, i) => i < 2 ? d : 1)) : null);
}

/// <summary>MaxUnpool: the inverse of MaxPool's arithmetic, or the shape given by the third input.</summary>
internal sealed class MaxUnpoolShape : IShapeRule
{
    public IReadOnlyList<string> Operators { get; } = ["MaxUnpool"];

    public void Infer(ShapeContext context)
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
}
