using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Operators;

/// <summary>How the window of a convolution or pooling slides along one axis.</summary>
/// <param name="Extent">Elements from the window's first to its last tap; null where the kernel's size is unknown.</param>
/// <param name="Stride">The step.</param>
/// <param name="PadBegin">Padding before the first element.</param>
/// <param name="PadEnd">Padding behind the last element.</param>
internal readonly record struct Window(long? Extent, long Stride, long PadBegin, long PadEnd)
{
    /// <summary>The attribute of how the padding follows from the input's size.</summary>
    public static AttributeRule AutoPadAttribute =>
        AttributeRule.Text("auto_pad", "NOTSET", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", "");

    /// <summary>Strides, dilations, pads and kernel must have one entry for each spatial axis, pads two.</summary>
    public static void Check(NodeOperands node, int spatial)
    {
        foreach (var name in (string[])["kernel_shape", "strides", "dilations"])
            node.RequireEntries(name, spatial, "one for each spatial axis");
        if (node.Text("auto_pad") is "NOTSET" or "")
            node.RequireEntries("pads", 2L * spatial, "the pads before each spatial axis, then those behind");
    }

    /// <summary>Reads strides, dilations and pads of a node that slides over <paramref name="rank"/> axes.</summary>
    /// <exception cref="MalformedNodeException">An attribute has the wrong length or an impossible number.</exception>
    public static Window[] Read(ShapeContext context, int rank, IReadOnlyList<Dim>? kernel)
    {
        var sizes = context.Ints("kernel_shape");
        var strides = Checked("strides", 1);
        var dilations = Checked("dilations", 1);
        var pads = AutoPad(context) == "NOTSET" ? context.Ints("pads") : null;
        ShapeContext.Require(pads is null || pads.Count == 2 * rank, $"attribute 'pads' doesn't have {2 * rank} entries");
        ShapeContext.Require(
            sizes is null || (sizes.Count == rank && sizes.All(k => k > 0)), "attribute 'kernel_shape' doesn't fit");
        return [.. Enumerable.Range(0, rank).Select(One)];

        Window One(int axis)
        {
            var size = sizes?[axis] ?? (kernel?[axis] is { IsKnown: true } known ? known.Offset : null);
            return new Window((size - 1) * dilations[axis] + 1, strides[axis], pads?[axis] ?? 0, pads?[rank + axis] ?? 0);
        }

        IReadOnlyList<long> Checked(string name, long fallback)
        {
            var values = context.Ints(name) ?? [.. Enumerable.Repeat(fallback, rank)];
            ShapeContext.Require(
                values.Count == rank && values.All(v => v > 0), $"attribute '{name}' needs {rank} positive entries");
            return values;
        }
    }

    /// <summary>The padding mode: <c>NOTSET</c>, <c>VALID</c>, <c>SAME_UPPER</c> or <c>SAME_LOWER</c>.</summary>
    public static string AutoPad(ShapeContext context)
    {
        // MaxUnpool has windows, but none that pad by themselves.
        var mode = context.Node.Attributes.ContainsKey("auto_pad") ? context.TextOf("auto_pad") : "NOTSET";
        ShapeContext.Require(
            mode is "NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER" or "", $"auto_pad '{mode}' doesn't exist");
        return mode.Length == 0 ? "NOTSET" : mode;
    }

    /// <summary>The number of positions of the window over an axis of the given size.</summary>
    public Dim Positions(ShapeContext context, int axis, Dim size, bool same, bool ceiling)
    {
        if (same)
            return size.CeilDivide(Stride);
        if (Extent is not { } extent)
            return Dim.Unknown;
        var room = size + (PadBegin + PadEnd - extent);
        if (room is { IsKnown: true, Offset: < 0 })
        {
            context.Report(
                ConflictKind.Provable,
                $"a window of {extent} doesn't fit into {size} along axis {axis} with {PadBegin + PadEnd} of padding");
            return Dim.Unknown;
        }

        if (!ceiling)
            return room.FloorDivide(Stride) + 1;
        // A last window that would start behind the data and its front padding is dropped: it would see only padding.
        return (size + PadBegin + Math.Min(0, PadEnd - extent + Stride)).CeilDivide(Stride);
    }
}
