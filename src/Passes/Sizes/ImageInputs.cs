using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Operators;

namespace MsSrConvert.Passes.Sizes;

/// <summary>
/// Finds which graph inputs are images, whatever their element type and layout (bytes of H,W,C, frames of N,T,C,H,W): those whose
/// two sides become the height and width of what a conv reads, and those that have the same two sides.
/// </summary>
internal static class ImageInputs
{
    /// <summary>A value of up to four channels is an image (grey, RGB, RGBA); a branch of one colour makes no sense.</summary>
    public const int MostChannels = 4;

    /// <summary>The image inputs in the graph's order.</summary>
    public static List<ImageInput> Find(Model model)
    {
        var inputs = model.Graph.Inputs.Where(v => v.Initializer is null && v.Shape is { Rank: >= 3 and <= 5 }).ToArray();
        var found = new Dictionary<Value, ImageInput>();
        for (var attempt = 0; attempt < 2 && inputs.Any(v => !found.ContainsKey(v)); attempt++)
        {
            var open = inputs.Where(v => !found.ContainsKey(v)).Select(v => new ImageInput(v, Layouts(v)[attempt])).ToArray();
            foreach (var image in Reaching(model, open, [.. found.Values]))
                found[image.Value] = image;
        }

        // Without a conv there are only guesses.
        foreach (var input in inputs.Where(v => found.Count == 0 && v.Shape!.Rank == 4).ToArray())
            found[input] = new ImageInput(input, Layouts(input)[0]);
        var sides = found.Values.Select(Sides).ToHashSet();
        foreach (var input in inputs.Where(v => !found.ContainsKey(v)))
        {
            foreach (var image in Layouts(input).Select(axes => new ImageInput(input, axes))
                .Where(image => sides.Contains(Sides(image))).Take(1))
            {
                found[input] = image;
            }
        }

        return OfOneSize([.. inputs.Where(found.ContainsKey).Select(v => found[v])]);
    }

    // Beside an image of any size an input of one fixed size (a blur kernel) is none, and beside an image of fixed size one of
    // another size.
    private static List<ImageInput> OfOneSize(List<ImageInput> images)
    {
        var open = images.Where(image => !IsFixed(image)).ToList();
        if (open.Count > 0 || images.Count == 0)
            return open;
        var largest = images.MaxBy(image => image.Axes.Aggregate(1L, (area, axis) => area * image.Value.Shape![axis].Value))!;
        return [.. images.Where(image => Sides(image) == Sides(largest))];
    }

    private static bool IsFixed(ImageInput image) => image.Axes.All(axis => image.Value.Shape![axis].IsKnown);

    private static (Dim, Dim) Sides(ImageInput image) =>
        (InputSizes.Named(image.Value)[image.Axes[0]], InputSizes.Named(image.Value)[image.Axes[1]]);

    // The likelier pair of axes first.
    private static int[][] Layouts(Value input)
    {
        var rank = input.Shape!.Rank;
        int[] last = [rank - 2, rank - 1];
        int[] middle = [rank - 3, rank - 2];
        var channels = input.Shape[rank - 1];
        return channels.IsKnown && channels.Value <= MostChannels
            && !input.Uses.Any(use => use.Node.Is("Conv")) ? [middle, last] : [last, middle];
    }

    // Those whose sides, as symbols, are found in the height and width of a conv's input. A side that is a number is one symbol
    // in all inputs.
    private static List<ImageInput> Reaching(Model model, ImageInput[] candidates, ImageInput[] known)
    {
        var probes = candidates.Where(image => image.Axes.All(axis => image.Value.Shape![axis] != Dim.Known(1))).ToArray();
        var shapes = InputSizes.AnySize(model);
        foreach (var (value, axes) in probes.Concat(known))
        {
            foreach (var axis in axes)
                shapes[value] = shapes[value].With(axis, Probe(shapes[value][axis]));
        }

        var map = ShapeInference.Infer(model, shapes);
        var convs = model.Graph.AllNodes.Where(Convs.IsConv).Select(conv => map.ShapeOf(conv.Input(0)!)).OfType<Shape>()
            .Where(s => s.Rank == 4).ToArray();
        var (heights, widths) = (Symbols(convs.Select(s => s[2])), Symbols(convs.Select(s => s[3])));
        return [.. probes
            .Where(
                image => Contains(heights, shapes[image.Value][image.Axes[0]])
                    && Contains(widths, shapes[image.Value][image.Axes[1]]))];
    }

    private static Dim Probe(Dim side) => side.IsKnown ? Dim.Of($"side{side.Value}") : side;

    private static string Symbols(IEnumerable<Dim> sides) =>
        string.Join(' ', sides.SelectMany(d => d.Terms).Select(t => t.Symbol).Distinct());

    // Symbols of roundings and products spell the symbols they are made of.
    private static bool Contains(string symbols, Dim side) => side.Terms is [(var symbol, _)]
        && symbols.Split([' ', '(', ')', '+', '-', '*', '/']).Contains(symbol);
}
