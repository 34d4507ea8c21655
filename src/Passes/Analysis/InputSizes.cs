using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Analysis;

/// <summary>An image input and where its height and width stand.</summary>
/// <param name="Value">The graph input.</param>
/// <param name="Axes">The axes of height and width: 2 and 3 for N,C,H,W, 1 and 2 for N,H,W,C.</param>
public sealed record ImageInput(Value Value, IReadOnlyList<int> Axes);

/// <summary>The graph's image inputs and the multiple their height and width are brought to.</summary>
/// <param name="Images">The image inputs.</param>
/// <param name="Multiple">The multiple: 2^(n-1) times the deepest downscale of the network.</param>
/// <param name="Shapes">All shapes of the source graph when its inputs have that multiple.</param>
public sealed record InputSizes(IReadOnlyList<ImageInput> Images, long Multiple, ShapeMap Shapes)
{
    /// <summary>Infers all shapes for inputs rounded up to <paramref name="multiple"/>.</summary>
    public static InputSizes Infer(Model model, long multiple)
    {
        var images = FindImages(model.Graph);
        var shapes = images.ToDictionary(image => image.Value, image => image.Axes.Aggregate(
            Named(image.Value), (shape, axis) => shape.With(axis, shape[axis].CeilDivide(multiple) * multiple)));
        return new InputSizes(images, multiple, ShapeInference.Infer(model, shapes));
    }

    /// <summary>The input's shape with a symbol in place of every dimension the model leaves unknown.</summary>
    public static Shape Named(Value input) =>
        new(input.Shape!.Select((dim, axis) => dim.IsUnknown ? Dim.Of($"{input.Name}_dim{axis}") : dim));

    /// <summary>The shapes of all inputs of known rank, every dimension named.</summary>
    public static Dictionary<Value, Shape> NamedShapes(Model model) => model.Graph.Inputs.Where(v => v.Shape is not null).ToDictionary(v => v, Named);

    /// <summary>
    /// The inputs that are images: floating point, four dimensions, not an initializer, and not a single row, column or pixel (a noise
    /// level of 1×1), which is spread over the picture whatever its size.
    /// </summary>
    public static List<ImageInput> FindImages(Graph graph) =>
    [
        .. graph.Inputs
            .Where(v => v.Initializer is null && v.Tensor?.Element.IsFloatingPoint() == true && v.Shape?.Rank == 4)
            .Select(v => new ImageInput(v, IsChannelsLast(v) ? [1, 2] : [2, 3]))
            .Where(image => image.Axes.All(axis => image.Value.Shape![axis] != Dim.Known(1))),
    ];

    // TensorFlow exporters take N,H,W,C: the first reader moves the channels, or the declared shape has them last.
    private static bool IsChannelsLast(Value input)
    {
        if (input.Uses.Count > 0 && input.Uses.All(use => use.Node.Is("Transpose") && use.Node.GetInts("perm") is [0, 3, 1, 2]))
            return true;
        var shape = input.Shape!;
        var smallLast = shape[3].IsKnown && shape[3].Value <= SpaceBuilder.PictureChannels;
        var largeSecond = !shape[1].IsKnown || shape[1].Value > SpaceBuilder.PictureChannels;
        return smallLast && largeSecond && !input.Uses.Any(use => use.Node.Is("Conv"));
    }
}
