using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Sizes;

/// <summary>
/// Whether a sliding-window operator commutes with halving the size: an input of exactly half the height must give an output
/// of exactly half the height, else the branches' sizes don't meet again.
/// </summary>
internal static class ConvGeometry
{
    /// <summary>Null when every spatial axis keeps the ratio of the branches; else what stands in the way.</summary>
    /// <param name="node">A Conv, ConvTranspose or pooling node over N,C,H,W.</param>
    /// <param name="kernel">The kernel's height and width.</param>
    /// <param name="margin">Pads of a Pad node that works as one with this node, or null.</param>
    public static string? WhyNotScalable(Node node, IReadOnlyList<long> kernel, IReadOnlyList<long>? margin = null)
    {
        if (node.GetString("auto_pad", "NOTSET") is var autoPad && autoPad is not ("NOTSET" or "VALID"))
            return $"its auto_pad={autoPad} depends on the size";
        var pads = node.GetInts("pads") ?? [0, 0, 0, 0];
        var strides = node.GetInts("strides") ?? [1, 1];
        var dilations = node.GetInts("dilations") ?? [1, 1];
        for (var axis = 0; axis < 2; axis++)
        {
            var span = dilations[axis] * (kernel[axis] - 1) + 1;
            var pad = pads[axis] + pads[axis + 2] + (margin is null ? 0 : margin[axis] + margin[axis + 2]);
            var rounding = node.GetInt("ceil_mode", 0) != 0 ? strides[axis] - 1 : 0;
            var excess = node.Is("ConvTranspose")
                ? span - strides[axis] - pad + (node.GetInts("output_padding")?[axis] ?? 0)
                : FloorDivide(pad - span + rounding, strides[axis]) + 1;
            if (excess != 0)
            {
                return $"it {(excess < 0 ? "shrinks" : "grows")} the {(axis == 0 ? "height" : "width")} by {Math.Abs(excess)} beside its stride "
                    + $"(kernel {kernel[axis]}, pads {pads[axis]}+{pads[axis + 2]}), which does not scale with the branch";
            }
        }

        return node.Attributes.ContainsKey("output_shape") ? "its output_shape is fixed" : null;
    }

    /// <summary>
    /// How many rows (axis 0) or columns (axis 1) the node makes of so many; unknown where its pads depend on the size.
    /// </summary>
    /// <param name="node">A Conv, ConvTranspose or pooling node over N,C,H,W.</param>
    /// <param name="kernel">The kernel's height and width.</param>
    /// <param name="margin">Pads of a Pad node that works as one with this node, or null.</param>
    /// <param name="axis">0 for the height, 1 for the width.</param>
    /// <param name="side">The input's height or width.</param>
    public static Dim OutputSide(Node node, IReadOnlyList<long> kernel, IReadOnlyList<long>? margin, int axis, Dim side)
    {
        if (node.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID") || node.Attributes.ContainsKey("output_shape"))
            return Dim.Unknown;
        var pads = node.GetInts("pads") ?? [0, 0, 0, 0];
        var stride = node.GetInts("strides")?[axis] ?? 1;
        var span = (node.GetInts("dilations")?[axis] ?? 1) * (kernel[axis] - 1) + 1;
        var (before, after) = (pads[axis] + (margin?[axis] ?? 0), pads[axis + 2] + (margin?[axis + 2] ?? 0));
        if (node.Is("ConvTranspose"))
            return (side - 1) * stride + (span - before - after + (node.GetInts("output_padding")?[axis] ?? 0));
        return node.GetInt("ceil_mode", 0) == 0
            ? (side + (before + after - span)).FloorDivide(stride) + 1
            : (side + before + Math.Min(0, after - span + stride)).CeilDivide(stride);
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b < 0 ? 1 : 0);
}
