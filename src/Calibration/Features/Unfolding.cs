using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// Rows by which a kernel's elements multiply: one plane of the output's height and width for each input channel and kernel place.
/// </summary>
internal static class Unfolding
{
    /// <summary>Unfolds a conv's input.</summary>
    /// <param name="x">1,C,H,W.</param>
    /// <param name="conv">A Conv or ConvTranspose with explicit pads.</param>
    /// <param name="firstChannel">The first input channel to unfold.</param>
    /// <param name="channels">How many.</param>
    /// <returns>Planes in the order channel, kernel row, kernel column.</returns>
    public static Planar Of(Tensor x, Node conv, int firstChannel, int channels)
    {
        var window = ConvWindow.Of(conv);
        var (height, width) = window.OutputSize((int)x.Dims[2], (int)x.Dims[3]);
        var result = new Planar(channels * window.Height * window.Width, height, width);
        Parallel.For(0, channels, c =>
        {
            var plane = x.Data.AsSpan((int)((firstChannel + c) * x.Dims[2] * x.Dims[3]), (int)(x.Dims[2] * x.Dims[3]));
            for (var ky = 0; ky < window.Height; ky++)
            {
                for (var kx = 0; kx < window.Width; kx++)
                    window.Place(plane, (int)x.Dims[2], (int)x.Dims[3], ky, kx, result, (c * window.Height + ky) * window.Width + kx);
            }
        });
        return result;
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

    /// <summary>Writes what kernel place (ky, kx) sees at every output pixel.</summary>
    public void Place(ReadOnlySpan<float> plane, int height, int width, int ky, int kx, Planar result, int index)
    {
        var target = result[index];
        for (var y = 0; y < result.Height; y++)
        {
            var row = target.Slice(y * result.Width, result.Width);
            if (Source(0, y, ky, height) is not { } sy)
            {
                row.Clear();
                continue;
            }

            var line = plane.Slice(sy * width, width);
            if (!Transposed && Strides[1] == 1)
            {
                CopyShifted(line, row, kx * Dilations[1] - Pads[1]);
                continue;
            }

            for (var x = 0; x < row.Length; x++)
                row[x] = Source(1, x, kx, width) is { } sx ? line[sx] : 0;
        }
    }

    private static void CopyShifted(ReadOnlySpan<float> line, Span<float> row, int shift)
    {
        row.Clear();
        var (from, to) = (Math.Max(0, -shift), Math.Min(row.Length, line.Length - shift));
        if (to > from)
            line[(from + shift)..(to + shift)].CopyTo(row[from..]);
    }

    // The input place that a kernel place sees from an output place, or null outside of the input.
    private int? Source(int axis, int output, int kernel, int size)
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
