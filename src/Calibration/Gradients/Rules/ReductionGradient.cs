using MsSrConvert.GraphIR;

namespace MsSrConvert.Calibration.Gradients.Rules;

/// <summary>
/// Means share the gradient out evenly, sums hand it on, a maximum or minimum gives it to the elements that it is.
/// </summary>
internal sealed class ReductionGradient : IGradientRule
{
    public IReadOnlyList<string> Operators { get; } = ["GlobalAveragePool", "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin"];

    public bool Emit(Node node, GradientBuilder builder)
    {
        var (x, y, error) = (node.Input(0)!, node.Output, builder.Of(node.Output)!);
        var (input, output) = (builder.Dims(x), builder.Dims(y));
        if (Kept(node, input, output) is not { } kept)
            return false;
        if (output.Length != kept.Length)
        {
            (y, error) = (builder.Emit("Reshape", [y, builder.Integers(kept)]),
                builder.Emit("Reshape", [error, builder.Integers(kept)]));
        }

        if (node.Is("GlobalAveragePool") || node.Is("ReduceMean"))
            error = builder.Emit("Mul", [error, builder.Number((float)(Count(kept) / (double)Count(input)))]);
        var wide = builder.Emit("Expand", [error, builder.Integers(input)]);
        if (node.Is("ReduceMax") || node.Is("ReduceMin"))
            wide = builder.Emit("Where", [builder.Emit("Equal", [x, y]), wide, builder.Number(0)]);
        builder.Give(x, wide);
        return true;
    }

    // The output's shape with all axes kept; null where the axes aren't constant.
    private static long[]? Kept(Node node, long[] input, long[] output)
    {
        if (output.Length == input.Length)
            return output;
        var axes = node.GetInts("axes") ?? node.Input(1)?.Initializer?.ToInt64s();
        if (axes is null && node.Input(1) is not null)
            return null;
        return [.. input
            .Select((d, a) => axes is not { Count: > 0 } || axes.Contains(a) || axes.Contains(a - input.Length) ? 1 : d)];
    }

    private static long Count(long[] dims) => dims.Aggregate(1L, (p, d) => p * d);
}
