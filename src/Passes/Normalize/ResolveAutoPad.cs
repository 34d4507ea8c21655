using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Spells out <c>auto_pad</c> of Conv, ConvTranspose and pools as explicit pads: always for VALID and for ConvTranspose, for
/// SAME where the stride is 1 or the size is known, at least as a multiple of the stride. The rest stays.
/// </summary>
public sealed class ResolveAutoPad : IPass
{
    /// <inheritdoc/>
    public string Name => "resolve-auto-pad";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var nodes = model.Graph.AllNodes.Where(n => n.Has(Traits.Window) && n.Attributes.ContainsKey("auto_pad")).ToArray();
        if (nodes.Length == 0)
            return new PassResult(0);
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        return new PassResult(nodes.Count(n => Resolve(n, shapes)));
    }

    private static bool Resolve(Node node, Lazy<ShapeMap> shapes)
    {
        var mode = node.TextOf("auto_pad");
        // An empty mode is none, as ONNX Runtime has it.
        if (mode is "NOTSET" or "")
        {
            node.Attributes.Remove("auto_pad");
            return true;
        }

        if (Kernel(node, shapes) is not { } kernel)
            return false;
        var pads = new long[2 * kernel.Length];
        if (mode != "VALID")
        {
            for (var axis = 0; axis < kernel.Length; axis++)
            {
                if (SamePadding(node, kernel[axis], axis, shapes) is not { } total)
                    return false;
                var small = total / 2;
                pads[axis] = mode == "SAME_UPPER" ? small : total - small;
                pads[axis + kernel.Length] = total - pads[axis];
            }
        }

        node.Attributes.Remove("auto_pad");
        node.With("pads", pads);
        return true;
    }

    private static long[]? Kernel(Node node, Lazy<ShapeMap> shapes)
    {
        if (node.GetInts("kernel_shape") is { } stated)
            return [.. stated];
        if (!node.Has(Traits.Product) || node.Input(1) is not { } weights)
            return null;
        var shape = weights.Initializer?.Shape ?? shapes.Value.ShapeOf(weights);
        return shape is { IsKnown: true, Rank: > 2 } ? shape.ToArray()[2..] : null;
    }

    // How many elements the two ends get together, or null where that depends on a size nobody knows.
    private static long? SamePadding(Node node, long kernel, int axis, Lazy<ShapeMap> shapes)
    {
        var stride = node.GetInts("strides")?[axis] ?? 1;
        var extent = ((kernel - 1) * (node.GetInts("dilations")?[axis] ?? 1)) + 1;
        if (node.OpType == "ConvTranspose")
        {
            var total = extent + (node.GetInts("output_padding")?[axis] ?? 0) - stride;
            return node.Attributes.ContainsKey("output_shape") || total < 0 ? null : total;
        }

        if (stride == 1)
            return extent - 1;
        var size = shapes.Value.ShapeOf(node.Input(0)!) is { } shape && axis + 2 < shape.Rank ? shape[axis + 2] : Dim.Unknown;
        if (size.IsKnown)
            return Math.Max(0, ((((size.Value + stride - 1) / stride) - 1) * stride) + extent - size.Value);
        return size.TryDivide(stride, out _) ? Math.Max(0, extent - stride) : null;
    }
}
