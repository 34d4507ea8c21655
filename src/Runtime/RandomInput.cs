using MsSrConvert.GraphIR;

namespace MsSrConvert.Runtime;

/// <summary>Reproducible noise to run models on.</summary>
public static class RandomInput
{
    /// <summary>
    /// A tensor for a model's input with every element in [<paramref name="low"/>, <paramref name="high"/>): the same seed gives
    /// the same numbers on every machine.
    /// </summary>
    /// <param name="input">The input; dimensions it states stay, a first one it leaves open becomes 1.</param>
    /// <param name="height">Rows, where the input leaves them open (N,C,H,W or N,H,W,C).</param>
    /// <param name="width">Columns, where the input leaves them open.</param>
    /// <param name="seed">Chooses the numbers.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">The bound above.</param>
    public static Tensor For(TensorInfo input, long height, long width, ulong seed = 0, float low = 0, float high = 1)
    {
        var dims = DimsFor(input.Shape, height, width);
        return Of(seed, low, high, dims);
    }

    /// <summary>Noise of the given dimensions.</summary>
    public static Tensor Of(ulong seed, float low, float high, params long[] dims)
    {
        var tensor = Tensor.Zeros(dims);
        var state = seed;
        for (var i = 0; i < tensor.Data.Length; i++)
            tensor.Data[i] = low + (high - low) * NextUnit(ref state);
        return tensor;
    }

    /// <summary>True where the shape's last dimension, not its second, holds the channels.</summary>
    internal static bool IsChannelsLast(Shape shape) =>
        shape.Rank == 4 && shape[3].IsKnown && shape[3].Value is 1 or 3 or 4
            && !(shape[1].IsKnown && shape[1].Value is 1 or 3 or 4);

    private static long[] DimsFor(Shape shape, long height, long width)
    {
        var rows = IsChannelsLast(shape) ? 1 : 2;
        return [.. shape.Select((dim, axis) =>
            dim.IsKnown ? dim.Value
            : shape.Rank != 4 ? 1
            : axis == rows ? height
            : axis == rows + 1 ? width : 1)];
    }

    // SplitMix64's step: one addition and a bit mix, no state beyond the counter.
    private static float NextUnit(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (z >> 40) * (1f / (1 << 24));
    }
}
