using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>What constant folding may compute: nothing random, nothing that makes no sense, nothing absurdly large.</summary>
internal sealed class FoldingLimits(ShapeMap shapes)
{
    private const long MaxBytes = 64L << 20;
    private const long MaxGrowth = 256L << 20;
    private const long MaxOperations = 1L << 32;

    private readonly HashSet<Node> _senseless =
        [.. shapes.Conflicts.Where(c => c.Kind != ConflictKind.Possible).Select(c => c.Node)];
    private long _grown;

    /// <summary>True for a node of ONNX's own set that gives the same whenever it is run, and no graph output.</summary>
    public static bool IsFoldable(Node node) =>
        node.IsStandard && node.Outputs.Count > 0 && !node.Attributes.ContainsKey("broadcast") && !node.Has(Traits.Random)
            && !node.Subgraphs.Any()
        && node.Outputs.All(o => o is null or { IsGraphOutput: false });

    /// <summary>
    /// True where the node makes sense and its results are small enough to be kept. A map of one number is made at every branch's
    /// size instead.
    /// </summary>
    public bool Allow(Node node)
    {
        if (_senseless.Contains(node) || _grown > MaxGrowth)
            return false;
        if (node.OpType is "ConstantOfShape" or "Expand" && shapes.ShapeOf(node.Outputs[0]!) is { Rank: 4 } map
            && map.Skip(2).Any(side => side != Dim.Known(1)))
        {
            return false;
        }

        var inputs = node.Inputs.Sum(v => v.Constant() is { } data ? Bytes(data.Element, data.Count) : 0);
        if (node.Outputs.OfType<Value>().All(o => shapes.ShapeOf(o) is { IsKnown: true }))
        {
            return node.Outputs.OfType<Value>()
                .Sum(o => Bytes(shapes.TypeOf(o)!.Element, shapes.ShapeOf(o)!.ElementCount.Value)) <= MaxBytes;
        }

        return node.Has(Traits.DataSized) && inputs <= MaxBytes / 8;
    }

    /// <summary>
    /// True where a runtime can be asked: no division of integers by zero, which ends a process, and not too much work.
    /// </summary>
    public bool AllowRuntime(Node node)
    {
        if (node.OpType is "Div" or "Mod" && node.Input(1).Constant() is { } divisor && divisor.Element.IsInteger()
            && divisor.ToInt64s().Any(d => d is 0 or -1))
        {
            return false;
        }

        var elements =
            node.Outputs.OfType<Value>().Sum(o => shapes.ShapeOf(o) is { IsKnown: true } shape ? shape.ElementCount.Value : 0);
        var largest = node.Inputs.Max(v => v.Constant()?.Count ?? 0);
        return !node.Has(Traits.Product) || elements * largest <= MaxOperations;
    }

    /// <summary>Notes what was made.</summary>
    public void Spend(IReadOnlyList<TensorData> results) => _grown += results.Sum(r => Bytes(r.Element, r.Count));

    private static long Bytes(ElementType element, long count) => (count * Math.Max(8, element.Bits()) + 7) / 8;
}
