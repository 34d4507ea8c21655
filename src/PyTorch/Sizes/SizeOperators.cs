using MsSrConvert.GraphIR;

namespace MsSrConvert.PyTorch.Sizes;

/// <summary>What operators do to lists of sizes.</summary>
internal static class SizeOperators
{
    /// <summary>The elements of a node's output, or null where the operator isn't known or an input isn't.</summary>
    public static IReadOnlyList<SizeExpression>? Compute(Node node, SizeTable sizes)
    {
        var first = sizes.Of(node.Input(0));
        return node.OpType switch
        {
            // Whole numbers stay what they are; adding and dropping axes of length 1 doesn't change a list.
            "Cast" or "Identity" or "Floor" or "Ceil" or "Round" or "Unsqueeze" or "Squeeze" or "Reshape" => first,
            "Add" => Elementwise(node, sizes, (a, b) => a + b),
            "Sub" => Elementwise(node, sizes, (a, b) => a - b),
            "Mul" => Elementwise(node, sizes, (a, b) => a * b),
            // A quotient of floats needn't be whole.
            "Div" when node.Inputs.All(i => i!.Initializer?.Element.IsFloatingPoint() != true) =>
                Elementwise(node, sizes, (a, b) => a / b),
            // The sign of the divisor, which is a size; fmod differs for negative numbers alone, which sizes aren't.
            "Mod" => Elementwise(node, sizes, (a, b) => a % b),
            "Min" when node.Inputs.Count == 2 => Elementwise(node, sizes, (a, b) => SizeExpression.Call("min", a, b)),
            "Max" when node.Inputs.Count == 2 => Elementwise(node, sizes, (a, b) => SizeExpression.Call("max", a, b)),
            "Neg" when first is not null => [.. first.Select(s => SizeExpression.Of(0) - s)],
            "Concat" => Concat(node, sizes),
            "Gather" => first is null ? null : Gather(first, sizes.Of(node.Input(1))),
            "Slice" => first is null ? null : Slice(node, first, sizes),
            _ => null,
        };
    }

    private static SizeExpression[]? Elementwise(Node node, SizeTable sizes, Func<SizeExpression, SizeExpression,
        SizeExpression> operation)
    {
        if (sizes.Of(node.Input(0)) is not { } a || sizes.Of(node.Input(1)) is not { } b)
            return null;
        var count = Math.Max(a.Count, b.Count);
        if ((a.Count != count && a.Count != 1) || (b.Count != count && b.Count != 1))
            return null;
        return [.. Enumerable.Range(0, count).Select(i => operation(a[a.Count == 1 ? 0 : i], b[b.Count == 1 ? 0 : i]))];
    }

    private static List<SizeExpression>? Concat(Node node, SizeTable sizes)
    {
        var result = new List<SizeExpression>();
        foreach (var input in node.Inputs)
        {
            if (sizes.Of(input) is not { } part)
                return null;
            result.AddRange(part);
        }

        return result;
    }

    private static SizeExpression[]? Gather(IReadOnlyList<SizeExpression> all, IReadOnlyList<SizeExpression>? indices)
    {
        if (indices is null || indices.Any(i => i.Constant is not { } at || at < -all.Count || at >= all.Count))
            return null;
        return [.. indices.Select(i => all[(int)(i.Constant!.Value < 0 ? i.Constant.Value + all.Count : i.Constant.Value)])];
    }

    private static SizeExpression[]? Slice(Node node, IReadOnlyList<SizeExpression> all, SizeTable sizes)
    {
        if (sizes.Of(node.Input(1)) is not [{ Constant: { } start }] || sizes.Of(node.Input(2)) is not [{ Constant: { } end }])
            return null;
        if (node.Input(4) is { } steps && sizes.Of(steps) is not [{ Constant: 1 }])
            return null;
        var (from, to) = (Within(start, all.Count), Within(end, all.Count));
        return from >= to ? [] : [.. all.Skip(from).Take(to - from)];
    }

    private static int Within(long at, int count) => (int)Math.Clamp(at < 0 ? at + count : at, 0, count);
}
