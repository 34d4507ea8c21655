using MsSrConvert.GraphIR;
using MsSrConvert.Operators;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>
/// Rows by which a kernel's elements multiply: for each input channel and kernel place, what it sees at chosen pixels of the
/// output.
/// </summary>
internal static class Unfolding
{
    /// <summary>Unfolds a conv's input.</summary>
    /// <param name="x">1,C,H,W.</param>
    /// <param name="conv">A Conv or ConvTranspose with explicit pads.</param>
    /// <param name="firstChannel">The first input channel to unfold.</param>
    /// <param name="channels">How many.</param>
    /// <param name="pixels">
    /// Pixels of the branch that the conv adds to. A conv of a coarser branch is repeated up to its size, one of a finer branch
    /// is averaged down to it.
    /// </param>
    /// <param name="result">Planes of one row are written into: in the order channel, kernel row, kernel column.</param>
    /// <param name="firstPlane">The first of them.</param>
    public static void Write(Tensor x, Node conv, int firstChannel, int channels, PixelSample pixels, Planar result,
        int firstPlane)
    {
        var window = ConvWindow.Of(conv);
        var (inHeight, inWidth) = ((int)x.Dims[2], (int)x.Dims[3]);
        var height = (int)window.OutputSide(0, inHeight).Value;
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
    private static int[] Sources(ConvWindow window, int place, PixelSample pixels, int coarser, int finer, int inHeight,
        int inWidth)
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
