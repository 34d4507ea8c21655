using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;

namespace MsSrConvert.Passes.Tests.Reference;

/// <summary>A dense row-major tensor of doubles: what the reference implementation computes with.</summary>
internal sealed record NdArray(double[] Data, params int[] Dims)
{
    public static NdArray Zeros(params int[] dims) => new(new double[dims.Aggregate(1, (p, d) => p * d)], dims);

    public static NdArray Of(TensorData data)
    {
        int[] dims = [.. data.Dims.Select(d => (int)d)];
        return new NdArray(data.Element.IsFloatingPoint()
            ? Array.ConvertAll(data.ToFloats(), v => (double)v)
            : Array.ConvertAll(data.ToInt64s(), v => (double)v), dims);
    }

    public static NdArray Of(Tensor tensor) =>
        new(Array.ConvertAll(tensor.Data, v => (double)v), Array.ConvertAll(tensor.Dims, d => (int)d));

    /// <summary>An integer vector.</summary>
    public static NdArray Vector(params IEnumerable<int> values) => Vector([.. values.Select(v => (double)v)]);

    public static NdArray Vector(double[] values) => new(values, values.Length);

    public int N => Dims[0];

    public int C => Dims[1];

    public int H => Dims[2];

    public int W => Dims[3];

    public ref double this[int n, int c, int y, int x] => ref Data[((n * C + c) * H + y) * W + x];

    public NdArray Map(Func<double, double> f) => new(Array.ConvertAll(Data, v => f(v)), Dims);

    /// <summary>Channels of N,C,H,W in another order.</summary>
    public NdArray TakeChannels(IReadOnlyList<int> channels)
    {
        var result = Zeros(N, channels.Count, H, W);
        var plane = H * W;
        for (var n = 0; n < N; n++)
        {
            for (var c = 0; c < channels.Count; c++)
                Array.Copy(Data, (n * C + channels[c]) * plane, result.Data, (n * channels.Count + c) * plane, plane);
        }

        return result;
    }

    /// <summary>The top left part of height and width.</summary>
    public NdArray Crop(int height, int width)
    {
        var result = Zeros(N, C, height, width);
        result.Fill((n, c, y, x) => this[n, c, y, x]);
        return result;
    }

    /// <summary>Repeats the bottom and right edges up to the next multiple.</summary>
    public NdArray PadToMultiple(int multiple) =>
        PadTo((H + multiple - 1) / multiple * multiple, (W + multiple - 1) / multiple * multiple);

    /// <summary>The edge repeated at the bottom and the right.</summary>
    public NdArray PadTo(int height, int width)
    {
        var result = Zeros(N, C, height, width);
        result.Fill((n, c, y, x) => this[n, c, Math.Min(y, H - 1), Math.Min(x, W - 1)]);
        return result;
    }

    /// <summary>The mean of every 2×2 pixels.</summary>
    public NdArray HalvedByMean()
    {
        if (H % 2 != 0 || W % 2 != 0)
            throw new InvalidOperationException($"{H}x{W} can't be halved.");
        var result = Zeros(N, C, H / 2, W / 2);
        result.Fill((n, c, y, x) =>
            (this[n, c, 2 * y, 2 * x] + this[n, c, 2 * y, 2 * x + 1] + this[n, c, 2 * y + 1, 2 * x] + this[n, c, 2 * y + 1,
                2 * x + 1]) / 4);
        return result;
    }

    /// <summary>Every pixel repeated 2×2.</summary>
    public NdArray DoubledByRepeating()
    {
        var result = Zeros(N, C, H * 2, W * 2);
        result.Fill((n, c, y, x) => this[n, c, y / 2, x / 2]);
        return result;
    }

    public NdArray Plus(NdArray other)
    {
        if (!Dims.AsSpan().SequenceEqual(other.Dims))
            throw new InvalidOperationException($"{string.Join('x', Dims)} and {string.Join('x', other.Dims)} can't be added.");
        return new NdArray([.. Data.Zip(other.Data, (a, b) => a + b)], Dims);
    }

    /// <summary>Computes every element of an N,C,H,W array from its place.</summary>
    public void Fill(Func<int, int, int, int, double> element)
    {
        var at = 0;
        for (var n = 0; n < N; n++)
        {
            for (var c = 0; c < C; c++)
            {
                for (var y = 0; y < H; y++)
                {
                    for (var x = 0; x < W; x++)
                        Data[at++] = element(n, c, y, x);
                }
            }
        }
    }
}
