using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Passes.Sizes;

/// <summary>An image input and where its height and width stand.</summary>
/// <param name="Value">The graph input.</param>
/// <param name="Axes">
/// The axes of height and width: 2 and 3 for N,C,H,W, 1 and 2 for N,H,W,C, the last two or those before the last elsewhere.
/// </param>
public sealed record ImageInput(Value Value, IReadOnlyList<int> Axes);

/// <summary>
/// The graph's image inputs, the multiple their height and width are brought to, and every value's size before and after that.
/// </summary>
/// <param name="Images">The image inputs.</param>
/// <param name="Multiple">The multiple: 2^(n-1) times the deepest downscale of the network.</param>
/// <param name="Source">All shapes of the source graph for inputs of any size.</param>
/// <param name="Shapes">All shapes when the inputs are enlarged to the multiple: the sizes that branched values have.</param>
public sealed record InputSizes(IReadOnlyList<ImageInput> Images, long Multiple, ShapeMap Source, ShapeMap Shapes)
{
    /// <summary>The image inputs of a model whose inputs have the same names.</summary>
    internal IReadOnlyList<ImageInput> ImagesOf(Model model) =>
        [.. Images.Select(image => image with { Value = model.Graph.Inputs.First(v => v.Name == image.Value.Name) })];

    /// <summary>The shapes of all inputs with a symbol in place of every dimension the model leaves unknown.</summary>
    public static Dictionary<Value, Shape> AnySize(Model model) =>
        model.Graph.Inputs.Where(v => v.Initializer is null && v.Shape is not null).ToDictionary(v => v, Named);

    /// <summary>
    /// The same with the images' height and width rounded up, and with them every other dimension of the same name.
    /// </summary>
    public static Dictionary<Value, Shape> Rounded(Model model, IReadOnlyList<ImageInput> images, long multiple, bool known)
    {
        var symbols = RoundedSymbols(images, multiple);
        var shapes = AnySize(model).ToDictionary(s => s.Key, s => new Shape(s.Value.Select(dim => dim.Substitute(symbols))));
        foreach (var (value, axes) in images)
        {
            var named = Named(value);
            foreach (var axis in axes.Where(axis => named[axis] == shapes[value][axis] && (known || !named[axis].IsKnown)))
                shapes[value] = shapes[value].With(axis, RoundUp(named[axis], multiple));
        }

        return shapes;
    }

    /// <summary>The input's shape with a symbol in place of every dimension the model leaves unknown.</summary>
    public static Shape Named(Value input) =>
        new(input.Shape!.Select((dim, axis) => dim.IsUnknown ? Dim.Of($"{input.Name}_dim{axis}") : dim));

    /// <summary>
    /// True when the enlarged side is proven to be at least the source's: directly, or because it is the same growing expression
    /// of an input's side that was rounded up.
    /// </summary>
    public bool IsEnlarged(Dim own, Dim enlarged)
    {
        if (enlarged.IsAtLeast(own))
            return true;
        return DimParts.IsMonotone(own) && own.Substitute(RoundedSymbols(Images, Multiple)) == enlarged;
    }

    /// <summary>
    /// The source's and the enlarged height (axis 2) or width (axis 3) of a value, halved; the source's is rounded up.
    /// </summary>
    public (Dim Own, Dim Enlarged) SideOf(Value value, int axis, int halvings)
    {
        Shapes.ShapeOf(value)![axis].TryDivide(1L << halvings, out var enlarged);
        return (Source.ShapeOf(value)![axis].CeilDivide(1L << halvings), enlarged);
    }

    /// <summary>A side rounded up to a multiple.</summary>
    public static Dim RoundUp(Dim side, long multiple) => side.CeilDivide(multiple) * multiple;

    private static Dictionary<string, Dim> RoundedSymbols(IReadOnlyList<ImageInput> images, long multiple) => images
        .SelectMany(image => image.Axes.Select(axis => Named(image.Value)[axis]))
        .Where(side => side.Terms is [(_, 1)] && side.Offset == 0)
        .Distinct().ToDictionary(side => side.Terms[0].Symbol, side => RoundUp(side, multiple));
}
