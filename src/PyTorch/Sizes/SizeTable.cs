using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Sizes;

/// <summary>
/// The small integer tensors of a graph (shapes, pads, ends) as lists of Python integers, so that generated code computes sizes
/// in plain numbers that can be scripted and traced, not in tensors.
/// </summary>
internal sealed class SizeTable
{
    private const int MostElements = 64;
    private readonly Dictionary<Value, IReadOnlyList<SizeExpression>> _sizes = [];

    /// <summary>The elements of a value that holds sizes, or of a small constant of whole numbers; else null.</summary>
    public IReadOnlyList<SizeExpression>? Of(Value? value)
    {
        if (value is null)
            return null;
        return _sizes.TryGetValue(value, out var known) ? known : Constant(value.Initializer);
    }

    /// <summary>True for a value that was computed from sizes.</summary>
    public bool Holds(Value value) => _sizes.ContainsKey(value);

    /// <summary>Makes a value hold these sizes.</summary>
    public void Set(Value value, IReadOnlyList<SizeExpression> sizes) => _sizes[value] = sizes;

    /// <summary>
    /// Works out what a node computes where it only handles sizes; false where it doesn't, or does what isn't known.
    /// </summary>
    public bool TryCompute(Node node)
    {
        if (!node.Inputs.Any(i => i is not null && Holds(i)))
            return false;
        if (node.Is("Split"))
            return TrySplit(node);
        if (SizeOperators.Compute(node, this) is not { } sizes)
            return false;
        Set(node.Output, sizes);
        return true;
    }

    private bool TrySplit(Node node)
    {
        if (Of(node.Input(0)) is not { } all)
            return false;
        var widths = Of(node.Input(1))?.Select(w => w.Constant ?? -1).ToArray()
            ?? [.. Enumerable.Repeat((long)(all.Count / node.Outputs.Count), node.Outputs.Count)];
        if (widths.Length != node.Outputs.Count || widths.Sum() != all.Count || Array.Exists(widths, w => w < 0))
            return false;
        var start = 0;
        foreach (var (output, width) in node.Outputs.Zip(widths))
        {
            if (output is not null)
                Set(output, [.. all.Skip(start).Take((int)width)]);
            start += (int)width;
        }

        return true;
    }

    // Sizes may pass through floats (an enlargement by 2.0); whole ones are taken for what they are.
    private static SizeExpression[]? Constant(TensorData? data)
    {
        if (data is null || data.Count > MostElements || data.Dims.Count > 1)
            return null;
        if (data.Element is ElementType.Int64 or ElementType.Int32)
            return Array.ConvertAll(data.ToInt64s(), SizeExpression.Of);
        if (!data.Element.IsFloatingPoint()
            || Array.Exists(data.ToFloats(), v => v != MathF.Truncate(v) || MathF.Abs(v) > 1 << 24))
        {
            return null;
        }

        return Array.ConvertAll(data.ToFloats(), v => SizeExpression.Of((long)v));
    }
}
