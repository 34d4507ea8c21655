using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Costs;

/// <summary>The smallest image a model takes: below it some window no longer fits and a value would be empty.</summary>
public static class SmallestInput
{
    private const long OneByOne = 64;
    private const long Largest = 4096;

    /// <summary>
    /// The smallest square side, in pixels, for which every value has at least one pixel; the side itself of a network for one
    /// square size. Null where no square up to 4096 does.
    /// </summary>
    public static long? Find(Model model) => Find(model, ImageInputs.Find(model));

    /// <summary>The same for image inputs that were found before.</summary>
    internal static long? Find(Model model, IReadOnlyList<ImageInput> images)
    {
        var sides = images.SelectMany(image => image.Axes.Select(axis => image.Value.Shape![axis])).Distinct().ToArray();
        if (sides.Length > 0 && sides.All(side => side.IsKnown))
            return sides is [var only] && Fits(model, images, only.Value) ? only.Value : null;
        // Sizes that must be multiples are found one by one, larger ones where windows are the reason.
        for (var side = 1L; side <= OneByOne; side++)
        {
            if (Fits(model, images, side))
                return side;
        }

        var (tooSmall, fits) = (OneByOne, 2 * OneByOne);
        while (!Fits(model, images, fits))
        {
            (tooSmall, fits) = (fits, 2 * fits);
            if (fits > Largest)
                return null;
        }

        while (fits - tooSmall > 1)
        {
            var middle = (fits + tooSmall) / 2;
            if (Fits(model, images, middle))
                fits = middle;
            else
                tooSmall = middle;
        }

        return fits;
    }

    private static bool Fits(Model model, IReadOnlyList<ImageInput> images, long side)
    {
        var shapes = ShapeInference.Infer(model, CostModel.InputShapes(model, images, side, side));
        if (shapes.Conflicts
            .Any(
                c => c.Node.Is("Reshape") ? c.Kind != ConflictKind.Possible : c.Kind == ConflictKind.Provable
                    && HasWindow(c.Node)))
        {
            return false;
        }

        return model.Graph.Values
            .All(v => shapes.ShapeOf(v) is not { Rank: 4 } shape || shape.All(d => !d.IsKnown || d.Value > 0))
            && model.Graph.Nodes.Where(n => n.Is("Pad") && n.GetString("mode", "constant") == "reflect")
            .All(n => MarginFits(n, shapes));
    }

    private static bool HasWindow(Node node) =>
        node.OpType.Contains("Conv", StringComparison.Ordinal) || node.OpType.EndsWith("Pool", StringComparison.Ordinal);

    // Reflection needs more pixels than it mirrors.
    private static bool MarginFits(Node pad, ShapeMap shapes)
    {
        var pads = pad.Input(1)?.Initializer?.ToInt64s();
        return shapes.ShapeOf(pad.Input(0)!) is not { IsKnown: true } shape || pads is null || pads.Length != 2 * shape.Rank
            || Enumerable.Range(0, shape.Rank).All(axis => Math.Max(pads[axis], pads[axis + shape.Rank]) < shape[axis].Value);
    }
}
