using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Branching.Rules;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Plan;

/// <summary>
/// Infers what size every value has when the inputs are enlarged. That is shape inference, except where the graph holds the
/// source's own sizes as constants (exports of one fixed size): a Resize to 74 rows of 37 doubles 38 rows to 76, and whatever has
/// the size of a value that is enlarged is enlarged with it.
/// </summary>
internal sealed class EnlargedShapes(ShapeMap source)
{
    private readonly Dictionary<(Dim, Dim), (Dim, Dim)> _sizes = [];

    /// <summary>All shapes for enlarged inputs.</summary>
    public ShapeMap Infer(Model model, IReadOnlyDictionary<Value, Shape> inputs)
    {
        foreach (var (input, shape) in inputs)
            Remember(source.ShapeOf(input), shape);
        return ShapeInference.Infer(model, inputs, Replace);
    }

    private Shape? Replace(Value value, ShapeMap enlarged)
    {
        if (source.ShapeOf(value) is not { Rank: 4 } own)
            return null;
        var found = enlarged.ShapeOf(value) is { Rank: 4 } inferred ? inferred : own.With(2, Dim.Unknown).With(3, Dim.Unknown);
        var shape = MayHoldSizes(value.Producer!) ? Enlarged(value, own, found, enlarged) : found;
        Remember(own, shape);
        return shape;
    }

    private Shape Enlarged(Value value, Shape own, Shape found, ShapeMap enlarged)
    {
        var stuck = (found[2].IsUnknown || found[2] == own[2]) && (found[3].IsUnknown || found[3] == own[3]);
        if (PixelRelations.ResizeFactors(value.Producer!, source) is { } factors
            && enlarged.ShapeOf(value.Producer!.Input(0)!) is { Rank: 4 } input)
        {
            return found.With(2, factors[0].Times(input[2])).With(3, factors[1].Times(input[3]));
        }

        return stuck && _sizes.TryGetValue((own[2], own[3]), out var size) ? own.With(2, size.Item1).With(3, size.Item2) : found;
    }

    // Operators that the branches know follow from their inputs alone; those that make a size, and whatever is not branched, may
    // hold one.
    private static bool MayHoldSizes(Node node) => SizeConditions.MakesSize(node) || OperatorRules.Find(node) is null;

    private void Remember(Shape? own, Shape shape)
    {
        if (own is { Rank: 4 } && shape is { Rank: 4 } && (own[2], own[3]) != (shape[2], shape[3]) && !shape[2].IsUnknown
            && !shape[3].IsUnknown)
        {
            _sizes.TryAdd((own[2], own[3]), (shape[2], shape[3]));
        }
    }
}
