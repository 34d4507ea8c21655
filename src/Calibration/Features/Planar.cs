using System.Numerics;
using MsSrConvert.Runtime;

namespace MsSrConvert.Calibration.Features;

/// <summary>Planes of one height and width, one after the other.</summary>
internal sealed class Planar(float[] data, int count, int height, int width)
{
    /// <summary>Planes of zeros.</summary>
    public Planar(int count, int height, int width) : this(new float[(long)count * height * width], count, height, width)
    {
    }

    /// <summary>All elements.</summary>
    public float[] Data => data;

    /// <summary>How many planes.</summary>
    public int Count => count;

    /// <summary>Rows of a plane.</summary>
    public int Height => height;

    /// <summary>Columns of a plane.</summary>
    public int Width => width;

    /// <summary>Pixels of a plane.</summary>
    public int Pixels => height * width;

    /// <summary>One plane.</summary>
    public Span<float> this[int index] => data.AsSpan(index * Pixels, Pixels);

    /// <summary>The channels of a 1,C,H,W tensor; not copied.</summary>
    public static Planar Of(Tensor tensor) => new(tensor.Data, (int)tensor.Dims[1], (int)tensor.Dims[2], (int)tensor.Dims[3]);

    /// <summary>Chosen planes.</summary>
    public Planar Select(ReadOnlySpan<int> indices)
    {
        var result = new Planar(indices.Length, height, width);
        for (var i = 0; i < indices.Length; i++)
            this[indices[i]].CopyTo(result[i]);

        return result;
    }

    /// <summary>A run of planes; not copied where it is all of them.</summary>
    public Planar Run(int first, int length) =>
        first == 0
            && length == count ? this : new Planar(data.AsSpan(first * Pixels, length * Pixels).ToArray(), length, height, width);

    /// <summary>Halved in height and width by averaging, as often as it takes to get to a height.</summary>
    public Planar PooledTo(int targetHeight)
    {
        var result = this;
        while (result.Height > targetHeight)
            result = result.Halved();
        return result;
    }

    private Planar Halved()
    {
        var result = new Planar(count, height / 2, width / 2);
        Parallel.For(0, count, p =>
        {
            var source = this[p];
            var target = result[p];
            for (var y = 0; y < result.Height; y++)
            {
                var upper = source.Slice(2 * y * width, width);
                var lower = source.Slice((2 * y + 1) * width, width);
                var row = target.Slice(y * result.Width, result.Width);
                for (var x = 0; x < row.Length; x++)
                    row[x] = 0.25f * (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]);
            }
        });
        return result;
    }

    /// <summary>Planes each of one value.</summary>
    public static Planar Filled(int count, int height, int width, Func<int, float> value)
    {
        var result = new Planar(count, height, width);
        for (var p = 0; p < count; p++)
            result[p].Fill(value(p));
        return result;
    }

    /// <summary>The first element of every plane.</summary>
    public float[] Heads() => [.. Enumerable.Range(0, count).Select(p => data[p * Pixels])];

    /// <summary>Every plane multiplied by one.</summary>
    public Planar Times(ReadOnlyMemory<float> weights)
    {
        var result = new Planar(count, height, width);
        Parallel.For(0, count, p =>
        {
            var source = this[p];
            var target = result[p];
            var factors = weights.Span;
            var i = 0;
            for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
                (new Vector<float>(source[i..]) * new Vector<float>(factors[i..])).CopyTo(target[i..]);
            for (; i < source.Length; i++)
                target[i] = source[i] * factors[i];
        });
        return result;
    }

    /// <summary>Planes of several blocks of one size, one after the other.</summary>
    public static Planar Stack(IReadOnlyList<Planar> parts)
    {
        if (parts.Count == 1)
            return parts[0];
        var result = new Planar(parts.Sum(p => p.Count), parts[0].Height, parts[0].Width);
        var at = 0;
        foreach (var part in parts)
        {
            part.Data.AsSpan(0, part.Count * part.Pixels).CopyTo(result.Data.AsSpan(at));
            at += part.Count * part.Pixels;
        }

        return result;
    }
}
