using MsSrConvert.GraphIR;

namespace MsSrConvert.Operators;

/// <summary>
/// The window of a Conv, ConvTranspose or pooling node over height and width. Lists have an entry for each of them; attributes
/// that are absent have their defaults.
/// </summary>
/// <param name="Height">The kernel's height.</param>
/// <param name="Width">The kernel's width.</param>
/// <param name="Pads">Padding at the top, left, bottom and right.</param>
/// <param name="Strides">The steps.</param>
/// <param name="Dilations">The distances of two places of the kernel.</param>
/// <param name="OutputPadding">What a ConvTranspose adds at the output's bottom and right.</param>
/// <param name="Groups">The channel groups; 1 for pooling.</param>
/// <param name="Transposed">True for a ConvTranspose.</param>
internal sealed record ConvWindow(
    int Height, int Width, int[] Pads, int[] Strides, int[] Dilations, int[] OutputPadding, int Groups, bool Transposed)
{
    /// <summary>False where <c>auto_pad</c> or <c>output_shape</c> makes pads of the size.</summary>
    public bool HasOwnPads { get; private init; } = true;

    /// <summary>True for a pooling node whose last window may begin where it doesn't fit any more.</summary>
    public bool RoundsUp { get; private init; }

    /// <summary>Reads a node's window.</summary>
    /// <exception cref="ArgumentException">It has none that <see cref="Find"/> can read.</exception>
    public static ConvWindow Of(Node node) =>
        Find(node) ?? throw new ArgumentException($"{node} has no window of a known size.", nameof(node));

    /// <summary>
    /// Reads a node's window; null for other operators, and where the kernel's size isn't known or isn't two-dimensional.
    /// </summary>
    public static ConvWindow? Find(Node node)
    {
        if (node is not { IsStandard: true, OpType: "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "LpPool" })
            return null;
        int[]? Given(string name) => node.GetInts(name) is { } given ? [.. given.Select(v => (int)v)] : null;
        var kernel = node.Input(1)?.Initializer is { } weight
            ? [.. weight.Dims.Skip(2).Select(d => (int)d)] : Given("kernel_shape");
        if (kernel is not [var height, var width])
            return null;
        return new ConvWindow(height, width, Given("pads") ?? [0, 0, 0, 0], Given("strides") ?? [1, 1],
            Given("dilations") ?? [1, 1],
            Given("output_padding") ?? [0, 0], (int)node.GetInt("group", 1), node.Is("ConvTranspose"))
        {
            HasOwnPads = node.GetString("auto_pad", "NOTSET") is "NOTSET" or "" && !node.Attributes.ContainsKey("output_shape"),
            RoundsUp = node.GetInt("ceil_mode", 0) != 0,
        };
    }

    /// <summary>The output's height (axis 0) or width (axis 1) for an input's, where the window has its own pads.</summary>
    public Dim OutputSide(int axis, Dim side)
    {
        var (before, after, stride) = (Pads[axis], Pads[axis + 2], Strides[axis]);
        var span = Dilations[axis] * ((axis == 0 ? Height : Width) - 1) + 1;
        if (Transposed)
            return (side - 1) * stride + (span - before - after + OutputPadding[axis]);
        return RoundsUp
            ? (side + before + Math.Min(0, after - span + stride)).CeilDivide(stride)
            : (side + (before + after - span)).FloorDivide(stride) + 1;
    }

    /// <summary>The input place that a kernel place sees from an output place, or null outside of the input.</summary>
    /// <param name="axis">0 for rows, 1 for columns.</param>
    /// <param name="output">The output place.</param>
    /// <param name="kernel">The kernel place.</param>
    /// <param name="size">The input's size.</param>
    public int? Source(int axis, int output, int kernel, int size)
    {
        if (!Transposed)
        {
            var at = output * Strides[axis] + kernel * Dilations[axis] - Pads[axis];
            return at >= 0 && at < size ? at : null;
        }

        var raised = output + Pads[axis] - kernel * Dilations[axis];
        return raised >= 0 && raised % Strides[axis] == 0 && raised / Strides[axis] < size ? raised / Strides[axis] : null;
    }
}
