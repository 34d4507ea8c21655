using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Analysis;

/// <summary>The smallest picture a model takes: below it some window no longer fits and a value would be empty.</summary>
public static class SmallestInput
{
    private const long Largest = 4096;

    /// <summary>The smallest square side, in pixels, for which every value has at least one pixel; null where none up to 4096 does.</summary>
    public static long? Find(Model model)
    {
        if (Fits(model, 1))
            return 1;
        long tooSmall = 1;
        var fits = 2L;
        while (!Fits(model, fits))
        {
            tooSmall = fits;
            fits *= 2;
            if (fits > Largest)
                return null;
        }

        while (fits - tooSmall > 1)
        {
            var middle = (fits + tooSmall) / 2;
            if (Fits(model, middle))
                fits = middle;
            else
                tooSmall = middle;
        }

        return fits;
    }

    private static bool Fits(Model model, long side)
    {
        var shapes = ShapeInference.Infer(model, CostModel.InputShapes(model, side, side));
        return shapes.Conflicts.All(c => c.Kind != ConflictKind.Provable)
            && model.Graph.Values.All(v => shapes.ShapeOf(v) is not { Rank: 4 } shape || shape.All(d => !d.IsKnown || d.Value > 0))
            && model.Graph.Nodes.Where(n => n.Is("Pad") && n.GetString("mode", "constant") == "reflect").All(n => MarginFits(n, shapes));
    }

    // Reflection needs more pixels than it mirrors.
    private static bool MarginFits(Node pad, ShapeMap shapes)
    {
        var pads = pad.Input(1)?.Initializer?.ToInt64s();
        return shapes.ShapeOf(pad.Input(0)!) is not { IsKnown: true } shape || pads is null || pads.Length != 2 * shape.Rank
            || Enumerable.Range(0, shape.Rank).All(axis => Math.Max(pads[axis], pads[axis + shape.Rank]) < shape[axis].Value);
    }
}
