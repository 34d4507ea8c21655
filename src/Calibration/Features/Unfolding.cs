using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// Rows by which a kernel's elements multiply: for each input channel and kernel place, what it sees at chosen pixels of the output.
/// </summary>
internal static class Unfolding
{
    /// <summary>Unfolds a conv's input.</summary>
    /// <param name="x">1,C,H,W.</param>
    /// <param name="conv">A Conv or ConvTranspose with explicit pads.</param>
    /// <param name="firstChannel">The first input channel to unfold.</param>
    /// <param name="channels">How many.</param>
    /// <param name="pixels">
    /// Pixels of the branch that the conv adds to. A conv of a coarser branch is repeated up to its size, one of a finer branch is
    /// averaged down to it.
    /// </param>
    /// <param name="result">Planes of one row are written into: in the order channel, kernel row, kernel column.</param>
    /// <param name="firstPlane">The first of them.</param>
    public static void Write(Tensor x, Node conv, int firstChannel, int channels, PixelSample pixels, Planar result, int firstPlane)
    {
        var window = ConvWindow.Of(conv);
        var (inHeight, inWidth) = ((int)x.Dims[2], (int)x.Dims[3]);
        var (height, width) = window.OutputSize(inHeight, inWidth);
        var (coarser, finer) = (Math.Max(1, pixels.Height / height), Math.Max(1, height / pixels.Height));
        var places = window.Height * window.Width;
        var sources = new int[places][];
        Parallel.For(0, places, k => sources[k] = Sources(window, k, pixels, coarser, finer, inHeight, inWidth));
        Parallel.For(0, channels, c =>
        {
            var plane = x.Data.AsSpan((firstChannel + c) * inHeight * inWidth, inHeight * inWidth);
            for (var k = 0; k < places; k++)
                Gather(plane, sources[k], finer * finer, result[firstPlane + c * places + k]);
        });
    }

    // For every pixel the input element that a kernel place sees, or -1 for padding; several where the conv is averaged.
    private static int[] Sources(ConvWindow window, int place, PixelSample pixels, int coarser, int finer, int inHeight, int inWidth)
    {
        var (ky, kx) = (place / window.Width, place % window.Width);
        var sources = new int[pixels.Count * finer * finer];
        var at = 0;
        for (var i = 0; i < pixels.Count; i++)
        {
            for (var sub = 0; sub < finer * finer; sub++)
            {
                var sy = window.Source(0, pixels.Rows[i] / coarser * finer + sub / finer, ky, inHeight);
                var sx = window.Source(1, pixels.Columns[i] / coarser * finer + sub % finer, kx, inWidth);
                sources[at++] = sy is { } y && sx is { } column ? y * inWidth + column : -1;
            }
        }

        return sources;
    }

    private static void Gather(ReadOnlySpan<float> plane, int[] sources, int each, Span<float> target)
    {
        if (each == 1)
        {
            for (var i = 0; i < target.Length; i++)
                target[i] = sources[i] >= 0 ? plane[sources[i]] : 0;
            return;
        }

        for (var i = 0; i < target.Length; i++)
        {
            var sum = 0f;
            foreach (var source in sources.AsSpan(i * each, each))
                sum += source >= 0 ? plane[source] : 0;
            target[i] = sum / each;
        }
    }
}

/// <summary>The sliding window of a Conv or ConvTranspose.</summary>
internal sealed record ConvWindow(int Height, int Width, int[] Pads, int[] Strides, int[] Dilations, int[] OutputPadding, bool Transposed)
{
    /// <summary>Reads a node's window.</summary>
    public static ConvWindow Of(Node conv)
    {
        var dims = conv.Input(1)!.Initializer!.Dims;
        int[] Ints(string name, params int[] fallback) => conv.GetInts(name) is { } given ? [.. given.Select(v => (int)v)] : fallback;
        return new ConvWindow((int)dims[2], (int)dims[3], Ints("pads", 0, 0, 0, 0), Ints("strides", 1, 1), Ints("dilations", 1, 1),
            Ints("output_padding", 0, 0), conv.Is("ConvTranspose"));
    }

    /// <summary>The output's height and width.</summary>
    public (int Height, int Width) OutputSize(int height, int width) => (Side(0, height, Height), Side(1, width, Width));

    private int Side(int axis, int size, int kernel)
    {
        var (pad, span) = (Pads[axis] + Pads[axis + 2], Dilations[axis] * (kernel - 1) + 1);
        return Transposed
            ? (size - 1) * Strides[axis] + span - pad + OutputPadding[axis]
            : (size + pad - span) / Strides[axis] + 1;
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
