using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Finds PReLU written with simpler operators and makes it one PRelu: the positive part of a value (Relu, or Max with 0) plus a
/// constant times its negative part, which may be written as <c>x - |x|</c>, <c>|x| - x</c>, <c>Relu(-x)</c>,
/// <c>Min(x, 0)</c> or <c>x - Relu(x)</c>.
/// </summary>
/// <remarks>PReLUs that read the same constants share one slope.</remarks>
public sealed class FusePRelu : IPass
{
    /// <inheritdoc/>
    public string Name => "fuse-prelu";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var emit = new Emitter(model);
        var slopes = new Dictionary<string, Value>();
        var shapes = new Lazy<ShapeMap>(() => ShapeInference.Infer(model));
        foreach (var node in model.Graph.AllNodes.Where(n => n.Is("Add") || n.Is("Sub")).ToArray())
        {
            if (node.Graph is null || Match(node) is not { } match || SlopeOf(match) is not { } data
                || !Fits(data, match.Input, shapes))
            {
                continue;
            }

            var key = $"{match.Factor} {string.Join(' ', match.Constants.Select(c => c.Name))}";
            if (!slopes.TryGetValue(key, out var slope))
                slopes[key] = slope = emit.Initializer(model.Graph, $"{node.KnownName()}/slope", data);
            var parts = node.Inputs.OfType<Value>().Select(v => v.Producer).ToArray();
            node.OpType = "PRelu";
            node.SetInput(0, match.Input);
            node.SetInput(1, slope);
            foreach (var part in parts)
                GraphEdits.RemoveIfUnused(part);
            changes++;
        }

        return new PassResult(changes);
    }

    private static Scaled? Match(Node node)
    {
        foreach (var (positive, negative) in node.OpType == "Add" ? new[] { (0, 1), (1, 0) } : [(0, 1)])
        {
            if (PositivePart(node.Input(positive)) is { } x && NegativePart(node.Input(negative)) is { } scaled
                && scaled.Input == x)
            {
                return node.OpType == "Add" ? scaled : scaled with { Factor = -scaled.Factor };
            }
        }

        return null;
    }

    private static Value? PositivePart(Value? value) => value?.Producer switch
    {
        { } relu when relu.Is("Relu") => relu.Input(0),
        { } max when max.Is("Max") => OtherThanZero(max),
        _ => null,
    };

    // A product of constants and something that is k * min(x, 0).
    private static Scaled? NegativePart(Value? value)
    {
        if (value?.Producer is not { } node || !node.IsStandard)
            return null;
        switch (node.OpType)
        {
            case "Mul":
                var (left, right) = (node.Input(0), node.Input(1));
                if (left.ConstantDoubles() is not null)
                    (left, right) = (right, left);
                return right.ConstantDoubles() is not null && NegativePart(left) is { } inner
                    ? inner with { Constants = [.. inner.Constants, right!] }
                    : null;
            case "Neg":
                return NegativePart(node.Input(0)) is { } negated ? negated with { Factor = -negated.Factor } : null;
            case "Sub":
                return Difference(node);
            case "Relu":
                return node.Input(0)?.Producer is { } neg && neg.Is("Neg") ? new Scaled(neg.Input(0)!, -1, []) : null;
            case "Min":
                return OtherThanZero(node) is { } x ? new Scaled(x, 1, []) : null;
            default:
                return null;
        }
    }

    private static Scaled? Difference(Node sub)
    {
        var (a, b) = (sub.Input(0)!, sub.Input(1)!);
        if (b.Producer is { } right && right.Is("Abs") && right.Input(0) == a)
            return new Scaled(a, 2, []);
        if (a.Producer is { } left && left.Is("Abs") && left.Input(0) == b)
            return new Scaled(b, -2, []);
        return PositivePart(b) == a ? new Scaled(a, 1, []) : null;
    }

    private static Value? OtherThanZero(Node node)
    {
        if (node.Inputs.Count != 2)
            return null;
        if (node.Input(1).TryScalar(out var second) && second == 0)
            return node.Input(0);
        return node.Input(0).TryScalar(out var first) && first == 0 ? node.Input(1) : null;
    }

    private static TensorData? SlopeOf(Scaled match)
    {
        if (match.Constants.Length == 0)
            return null;
        var data = match.Constants[0].Constant()!;
        foreach (var constant in match.Constants.Skip(1))
        {
            if (TensorArithmetic.Binary("Mul", data, constant.Constant()!) is not { } product)
                return null;
            data = product;
        }

        var values = Array.ConvertAll(TensorNumbers.ReadDoubles(data), v => v * match.Factor);
        // PRelu's slope is broadcast to the input, so leading axes of 1 say nothing.
        long[] dims = data.Count == 1 ? [1] : [.. data.Dims.SkipWhile(d => d == 1)];
        return TensorNumbers.OfDoubles(data.Element, values, dims);
    }

    // The product would grow a smaller input to the constant's shape; PRelu doesn't.
    private static bool Fits(TensorData slope, Value input, Lazy<ShapeMap> shapes)
    {
        var dims = slope.Dims;
        if (slope.Count == 1)
            return true;
        return shapes.Value.ShapeOf(input) is { } shape && shape.Rank >= dims.Count
            && Enumerable.Range(1, dims.Count).All(i => dims[^i] == 1 || shape[^i] == Dim.Known(dims[^i]));
    }

    /// <summary><c>Factor</c> times the constants times <c>min(Input, 0)</c>.</summary>
    private sealed record Scaled(Value Input, double Factor, Value[] Constants);
}
