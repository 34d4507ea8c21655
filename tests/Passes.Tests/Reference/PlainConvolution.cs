using MsSrConvert.GraphIR;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>Conv and ConvTranspose as their definitions have them, in direct loops.</summary>
internal static class PlainConvolution
{
    /// <summary>Convolves with the node's attributes but another kernel, bias and group count.</summary>
    public static NdArray Convolve(Node node, NdArray x, NdArray kernel, NdArray? bias, int groups)
    {
        var window = new Window(node);
        var result = node.Is("ConvTranspose") ? Transposed(window, x, kernel, groups) : Direct(window, x, kernel, groups);
        if (bias is null)
            return result;
        var summed = NdArray.Zeros(result.Dims);
        summed.Fill((n, c, y, w) => result[n, c, y, w] + bias.Data[c]);
        return summed;
    }

    private sealed class Window(Node node)
    {
        public int[] Strides { get; } = Ints(node, "strides", [1, 1]);

        public int[] Pads { get; } = Ints(node, "pads", [0, 0, 0, 0]);

        public int[] Dilations { get; } = Ints(node, "dilations", [1, 1]);

        public int[] OutputPadding { get; } = Ints(node, "output_padding", [0, 0]);

        private static int[] Ints(Node node, string name, long[] fallback) =>
            [.. (node.GetInts(name) ?? fallback).Select(v => (int)v)];
    }

    private static NdArray Direct(Window window, NdArray x, NdArray kernel, int groups)
    {
        var (outs, ins, kh, kw) = (kernel.Dims[0], kernel.Dims[1], kernel.Dims[2], kernel.Dims[3]);
        if (ins * groups != x.C)
            throw new InvalidOperationException($"A kernel for {ins * groups} channels reads {x.C}.");
        int Size(int axis, int size, int k) =>
            (size + window.Pads[axis] + window.Pads[axis + 2] - window.Dilations[axis] * (k - 1) - 1) / window.Strides[axis] + 1;
        var result = NdArray.Zeros(x.N, outs, Size(0, x.H, kh), Size(1, x.W, kw));
        result.Fill((n, o, y, column) =>
        {
            var sum = 0.0;
            for (var i = 0; i < ins; i++)
            {
                var channel = o / (outs / groups) * ins + i;
                for (var ky = 0; ky < kh; ky++)
                {
                    var row = y * window.Strides[0] - window.Pads[0] + ky * window.Dilations[0];
                    if (row < 0 || row >= x.H)
                        continue;
                    for (var kx = 0; kx < kw; kx++)
                    {
                        var from = column * window.Strides[1] - window.Pads[1] + kx * window.Dilations[1];
                        if (from >= 0 && from < x.W)
                            sum += kernel[o, i, ky, kx] * x[n, channel, row, from];
                    }
                }
            }

            return sum;
        });
        return result;
    }

    private static NdArray Transposed(Window window, NdArray x, NdArray kernel, int groups)
    {
        var (ins, perGroup, kh, kw) = (kernel.Dims[0], kernel.Dims[1], kernel.Dims[2], kernel.Dims[3]);
        if (ins != x.C)
            throw new InvalidOperationException($"A kernel for {ins} channels reads {x.C}.");
        int Size(int axis, int size, int k) => (size - 1) * window.Strides[axis] - window.Pads[axis] - window.Pads[axis + 2]
            + window.Dilations[axis] * (k - 1) + 1 + window.OutputPadding[axis];
        var result = NdArray.Zeros(x.N, perGroup * groups, Size(0, x.H, kh), Size(1, x.W, kw));
        var spread = NdArray.Zeros(x.Dims);
        spread.Fill((n, i, y, column) =>
        {
            for (var o = 0; o < perGroup; o++)
            {
                var channel = i / (ins / groups) * perGroup + o;
                for (var ky = 0; ky < kh; ky++)
                {
                    var row = y * window.Strides[0] - window.Pads[0] + ky * window.Dilations[0];
                    for (var kx = 0; kx < kw && row >= 0 && row < result.H; kx++)
                    {
                        var to = column * window.Strides[1] - window.Pads[1] + kx * window.Dilations[1];
                        if (to >= 0 && to < result.W)
                            result[n, channel, row, to] += kernel[i, o, ky, kx] * x[n, i, y, column];
                    }
                }
            }

            return 0;
        });
        return result;
    }
}
