using MsSrConvert.Runtime;

namespace MsSrConvert.Training.Engine;

/// <summary>
/// A convolution by its definition, in double precision, one element at a time: slow, and owing nothing to any library.
/// </summary>
/// <param name="Kernel">The kernel (M, C/group, KH, KW).</param>
/// <param name="Pads">Rows above, columns left.</param>
/// <param name="Strides">Step down and right.</param>
/// <param name="Dilations">Distance of the kernel's rows and columns.</param>
/// <param name="Group">How many parts the channels are taken in.</param>
internal sealed record PlainConvolution(Tensor Kernel, long[] Pads, long[] Strides, long[] Dilations, long Group)
{
    private long OutputsPerGroup => Kernel.Dims[0] / Group;

    private long InputsPerGroup => Kernel.Dims[1];

    /// <summary>An element of the result (N,M,OH,OW) of convolving an image (N,C,H,W).</summary>
    public double ResultAt(Tensor image, long[] at)
    {
        var (sum, first) = (0.0, at[1] / OutputsPerGroup * InputsPerGroup);
        for (long c = 0; c < InputsPerGroup; c++)
        {
            foreach (var (ky, kx) in Taps())
            {
                long[] from = [at[0], first + c, at[2] * Strides[0] - Pads[0] + ky * Dilations[0],
                    at[3] * Strides[1] - Pads[1] + kx * Dilations[1]];
                sum += Read(image, from) * Read(Kernel, [at[1], c, ky, kx]);
            }
        }

        return sum;
    }

    /// <summary>
    /// An element of the image (N,C,H,W) that a result (N,M,OH,OW) is carried back to: the transposed convolution.
    /// </summary>
    public double ImageAt(Tensor result, long[] at)
    {
        var (sum, group) = (0.0, at[1] / InputsPerGroup);
        foreach (var (ky, kx) in Taps())
        {
            var (row, column) = (at[2] + Pads[0] - ky * Dilations[0], at[3] + Pads[1] - kx * Dilations[1]);
            if (row % Strides[0] != 0 || column % Strides[1] != 0)
                continue;
            for (var m = group * OutputsPerGroup; m < (group + 1) * OutputsPerGroup; m++)
            {
                sum += Read(result, [at[0], m, row / Strides[0], column / Strides[1]]) * Read(Kernel,
                    [m, at[1] % InputsPerGroup, ky, kx]);
            }
        }

        return sum;
    }

    /// <summary>An element of the kernel's gradient, for an image and the gradient of its result.</summary>
    public double KernelAt(Tensor image, Tensor result, long[] at)
    {
        var sum = 0.0;
        var channel = at[0] / OutputsPerGroup * InputsPerGroup + at[1];
        var (height, width) = (image.Dims[2], image.Dims[3]);
        for (long n = 0; n < result.Dims[0]; n++)
        {
            for (long y = 0; y < result.Dims[2]; y++)
            {
                var row = y * Strides[0] - Pads[0] + at[2] * Dilations[0];
                if (row < 0 || row >= height)
                    continue;
                // Plain indices here: this runs over the whole result for every element that is asked for.
                var (from, to) = (((n * image.Dims[1] + channel) * height + row) * width,
                    ((n * result.Dims[1] + at[0]) * result.Dims[2] + y) * result.Dims[3]);
                for (long x = 0; x < result.Dims[3]; x++)
                {
                    var column = x * Strides[1] - Pads[1] + at[3] * Dilations[1];
                    if (column >= 0 && column < width)
                        sum += (double)image.Data[from + column] * result.Data[to + x];
                }
            }
        }

        return sum;
    }

    /// <summary>An element, or 0 beside the tensor.</summary>
    public static double Read(Tensor tensor, long[] at)
    {
        var place = 0L;
        for (var axis = 0; axis < at.Length; axis++)
        {
            if (at[axis] < 0 || at[axis] >= tensor.Dims[axis])
                return 0;
            place = place * tensor.Dims[axis] + at[axis];
        }

        return tensor.Data[place];
    }

    private IEnumerable<(long Ky, long Kx)> Taps()
    {
        for (long ky = 0; ky < Kernel.Dims[2]; ky++)
        {
            for (long kx = 0; kx < Kernel.Dims[3]; kx++)
                yield return (ky, kx);
        }
    }
}
