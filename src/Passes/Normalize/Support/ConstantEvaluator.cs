using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>Computes nodes whose inputs are all constant.</summary>
internal static class ConstantEvaluator
{
    /// <summary>The node's only output, or null where the operator, a type or a value is not one handled here.</summary>
    public static TensorData? Evaluate(Node node)
    {
        if (!node.IsStandard || node.Inputs.Any(v => v is not null && v.Constant() is null))
            return null;
        var inputs = node.Inputs.Select(v => v.Constant()).ToArray();
        if (inputs.Length == 0 || inputs[0] is not { } data || !TensorMovement.CanMove(data))
            return null;
        return node.OpType switch
        {
            "Identity" => TensorNumbers.Reshaped(data, [.. data.Dims]),
            "Unsqueeze" => Unsqueeze(node, data),
            "Squeeze" => Squeeze(node, data),
            "Reshape" => Reshape(node, data),
            "Transpose" => TensorMovement.Transpose(data, node.GetInts("perm") ?? Reversed(data.Dims.Count)),
            "Cast" => TensorArithmetic.Cast(data, (ElementType)node.GetInt("to", 0)),
            "Neg" => TensorArithmetic.Negate(data),
            "Add" or "Sub" or "Mul" or "Div" => inputs.Length == 2 ? TensorArithmetic.Binary(node.OpType, data, inputs[1]!) : null,
            "Concat" => Concat(node, inputs),
            "Gather" => inputs[1] is { } indices && data.Dims.Count > 0
                ? TensorMovement.Gather(data, indices, Constants.FromFront(node.GetInt("axis", 0), data.Dims.Count))
                : null,
            "Slice" => Slice(node, data),
            "ConstantOfShape" => ConstantOfShape(node, data),
            _ => null,
        };
    }

    private static long[] Reversed(int rank) => [.. Enumerable.Range(0, rank).Reverse().Select(i => (long)i)];

    private static TensorData? Unsqueeze(Node node, TensorData data)
    {
        if ((node.GetInts("axes") ?? node.Input(1).ConstantInts()) is not { } axes)
            return null;
        var rank = data.Dims.Count + axes.Count;
        var inserted = axes.Select(a => Constants.FromFront(a, rank)).ToHashSet();
        var rest = new Queue<long>(data.Dims);
        return TensorNumbers.Reshaped(data, [.. Enumerable.Range(0, rank).Select(i => inserted.Contains(i) ? 1 : rest.Dequeue())]);
    }

    private static TensorData? Squeeze(Node node, TensorData data)
    {
        var axes = node.GetInts("axes") ?? node.Input(1).ConstantInts();
        if (axes is null && node.Inputs.Count > 1)
            return null;
        var dropped = axes?.Select(a => Constants.FromFront(a, data.Dims.Count)).ToHashSet();
        return TensorNumbers.Reshaped(data, [.. data.Dims.Where((d, i) => dropped is null ? d != 1 : !dropped.Contains(i))]);
    }

    private static TensorData? Reshape(Node node, TensorData data)
    {
        if (node.Input(1).ConstantInts() is not { } dims)
            return null;
        var copiesZero = node.GetInt("allowzero", 0) == 0;
        for (var i = 0; i < dims.Length; i++)
            dims[i] = dims[i] == 0 && copiesZero && i < data.Dims.Count ? data.Dims[i] : dims[i];
        var open = Array.IndexOf(dims, -1);
        var product = dims.Where(d => d != -1).Aggregate(1L, (p, d) => p * d);
        if (open >= 0 && product > 0)
            dims[open] = data.Count / product;
        return dims.Aggregate(1L, (p, d) => p * d) == data.Count ? TensorNumbers.Reshaped(data, dims) : null;
    }

    private static TensorData? Concat(Node node, TensorData?[] inputs)
    {
        var parts = inputs.OfType<TensorData>().ToArray();
        var rank = parts[0].Dims.Count;
        var axis = Constants.FromFront(node.GetInt("axis", 0), rank);
        var fits = parts.Length == inputs.Length && rank > 0 && parts.All(p =>
            p.Element == parts[0].Element && p.Dims.Count == rank && !p.Dims.Where((d, i) => i != axis && d != parts[0].Dims[i]).Any());
        return fits && parts[0].Dims.Take(axis).All(d => d > 0) ? TensorMovement.Concat(parts, axis) : null;
    }

    private static TensorData? Slice(Node node, TensorData data)
    {
        var starts = node.GetInts("starts") ?? node.Input(1).ConstantInts();
        var ends = node.GetInts("ends") ?? node.Input(2).ConstantInts();
        if (starts is null || ends is null)
            return null;
        var axes = node.GetInts("axes") ?? node.Input(3).ConstantInts() ?? [.. Enumerable.Range(0, starts.Count).Select(i => (long)i)];
        var steps = node.Input(4).ConstantInts() ?? [.. starts.Select(_ => 1L)];
        long[] dims = [.. data.Dims];
        var strides = TensorMovement.Strides(data.Dims);
        var offset = 0L;
        for (var i = 0; i < starts.Count; i++)
        {
            var axis = Constants.FromFront(axes[i], dims.Length);
            var (start, count) = Range(data.Dims[axis], starts[i], ends[i], steps[i]);
            offset += start * strides[axis];
            dims[axis] = count;
            strides[axis] *= steps[i];
        }

        return dims.All(d => d > 0) ? TensorMovement.View(data, dims, offset, strides) : null;
    }

    private static TensorData? ConstantOfShape(Node node, TensorData shape)
    {
        var fill = node.TryAttribute<TensorAttribute>("value", out var value) ? value.Value : TensorData.Of([0f], 1);
        var dims = shape.ToInt64s();
        return fill.Count == 1 && TensorMovement.CanMove(fill) && dims.All(d => d > 0) ? TensorMovement.View(fill, dims, 0, new long[dims.Length]) : null;
    }

    private static (long Start, long Count) Range(long size, long start, long end, long step)
    {
        var (low, high) = step > 0 ? (0L, size) : (-1L, size - 1);
        start = Math.Clamp(start < 0 ? start + size : start, step > 0 ? 0 : low, high);
        end = Math.Clamp(end < 0 ? end + size : end, low, high);
        // A negative end that lies before the first element means "to the front" for a negative step.
        var count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
        return (start, Math.Max(0, count));
    }
}
