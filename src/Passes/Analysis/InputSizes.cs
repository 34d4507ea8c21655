using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Analysis;

/// <summary>An image input and where its height and width stand.</summary>
/// <param name="Value">The graph input.</param>
/// <param name="Axes">The axes of height and width: 2 and 3 for N,C,H,W, 1 and 2 for N,H,W,C, the last two or those before the last elsewhere.</param>
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
        var images = ImageInputs.Find(model);
        var shapes = images.ToDictionary(image => image.Value, image => image.Axes.Aggregate(
            Named(image.Value), (shape, axis) => shape.With(axis, shape[axis].CeilDivide(multiple) * multiple)));
        return new InputSizes(images, multiple, ShapeInference.Infer(model, shapes));
    }

    /// <summary>The input's shape with a symbol in place of every dimension the model leaves unknown.</summary>
    public static Shape Named(Value input) =>
        new(input.Shape!.Select((dim, axis) => dim.IsUnknown ? Dim.Of($"{input.Name}_dim{axis}") : dim));

    /// <summary>The shapes of all inputs of known rank, every dimension named.</summary>
    public static Dictionary<Value, Shape> AnySize(Model model) => model.Graph.Inputs.Where(v => v.Shape is not null).ToDictionary(v => v, Named);
}
