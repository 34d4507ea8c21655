using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Sizes;

/// <summary>
/// Shape inference for models that don't take every size: a U-Net that joins a value of height h with one of height 2*floor(h/2)
/// runs at even heights only, and there both are right. Inference by itself leaves such a size unknown.
/// </summary>
internal static class AgreedShapes
{
    /// <summary>Infers, and takes the simplest of the sizes that a node needs to be equal.</summary>
    public static ShapeMap Infer(Model model, IReadOnlyDictionary<Value, Shape> inputs) =>
        ShapeInference.Infer(model, inputs, Agree);

    private static Shape? Agree(Value value, ShapeMap map)
    {
        var node = value.Producer!;
        if (map.ShapeOf(value) is not { Rank: 4 } shape || !shape.Skip(2).Any(side => side.IsUnknown)
            || !map.Conflicts.Any(c => c.Node == node && c.Kind == ConflictKind.Possible))
        {
            return null;
        }

        var operands = node.Inputs.OfType<Value>().Select(map.ShapeOf).OfType<Shape>().Where(s => s.Rank == 4).ToArray();
        foreach (var axis in new[] { 2, 3 }.Where(axis => shape[axis].IsUnknown && (!node.Is("Concat") || Axis(node) != axis)))
        {
            var sides = operands.Select(s => s[axis]).Where(side => !side.IsUnknown && side != 1).ToArray();
            if (sides.Length > 0)
                shape = shape.With(axis, sides.MinBy(side => side.ToString().Length));
        }

        return shape;
    }

    private static long Axis(Node concat) => concat.GetInt("axis", 1) is var axis && axis < 0 ? axis + 4 : axis;
}
