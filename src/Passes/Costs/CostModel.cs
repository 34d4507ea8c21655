using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Costs;

/// <summary>What a model costs.</summary>
/// <param name="Params">Weights and biases; a shared tensor counts once.</param>
/// <param name="Macs">
/// Multiply-adds of convolutions and matrix products, every use counted; biases and resampling left out.
/// </param>
/// <param name="Resampled">Elements made by pooling and resizing.</param>
/// <param name="Nodes">Nodes of the main graph.</param>
/// <param name="Convs">Conv and ConvTranspose nodes.</param>
/// <param name="Uncounted">
/// Convolutions and matrix products whose size doesn't follow from the input's; not in <paramref name="Macs"/>.
/// </param>
public sealed record ModelCost(long Params, long Macs, long Resampled, int Nodes, int Convs, int Uncounted);

/// <summary>Counts parameters and multiply-adds.</summary>
public static class CostModel
{
    /// <summary>The height and width costs are counted at where a model leaves them open.</summary>
    public const long DefaultSide = 128;

    /// <summary>Counts a model for inputs of the given shapes; symbolic dimensions must have numbers there.</summary>
    public static ModelCost Count(Model model, IReadOnlyDictionary<Value, Shape> inputShapes)
    {
        var shapes = ShapeInference.Infer(model, inputShapes);
        var nodes = model.Graph.Nodes;
        var macs = nodes.Where(IsCounted).Select(node => Macs(node, shapes)).ToArray();
        return new ModelCost(
            Weights.Of(model.Graph).Sum(v => v.Initializer?.Count ?? 0),
            macs.Sum() ?? 0,
            nodes.Where(n => n.OpType is "AveragePool" or "MaxPool" or "Resize" or "Upsample")
                .Sum(node => Elements(node.Output, shapes)) ?? 0,
            nodes.Count,
            nodes.Count(Convs.IsConv),
            macs.Count(m => m is null));
    }

    /// <summary>The multiply-adds of every conv, by node name; convs of unknown size are left out.</summary>
    public static IReadOnlyDictionary<string, long> ByConv(Model model, IReadOnlyDictionary<Value, Shape> inputShapes)
    {
        var shapes = ShapeInference.Infer(model, inputShapes);
        return model.Graph.Nodes.Where(Convs.IsConv).Select(n => (n.Name, Macs: Macs(n, shapes)))
            .Where(c => c.Macs is not null).ToDictionary(c => c.Name, c => c.Macs!.Value);
    }

    /// <summary>The parameters of every conv, by node name; shared ones count for each.</summary>
    public static IReadOnlyDictionary<string, long> ParamsByConv(Model model) => model.Graph.Nodes.Where(Convs.IsConv)
        .ToDictionary(n => n.Name, n => n.Inputs.Skip(1).Sum(v => v?.Initializer?.Count ?? 0));

    /// <summary>
    /// The model's input shapes with numbers for every unknown or symbolic dimension: batch 1, the given height and width.
    /// </summary>
    public static Dictionary<Value, Shape> InputShapes(
        Model model, long height, long width) => InputShapes(model, ImageInputs.Find(model), height, width);

    /// <summary>The same for image inputs that were found before; symbols of theirs have their number in every input.</summary>
    internal static Dictionary<Value, Shape> InputShapes(Model model, IReadOnlyList<ImageInput> images, long height, long width)
    {
        var numbers = new Dictionary<Dim, long>();
        foreach (var image in images)
        {
            var named = InputSizes.Named(image.Value);
            numbers.TryAdd(named[image.Axes[0]], height);
            numbers.TryAdd(named[image.Axes[1]], width);
        }

        return InputSizes.AnySize(model).ToDictionary(s => s.Key, s => new Shape(
            s.Value.Select(dim => dim.IsKnown ? dim : numbers.TryGetValue(dim, out var number) ? number : Dim.Known(1))));
    }

    /// <summary>
    /// The model's input shapes with batch 1 and <see cref="DefaultSide"/> where it leaves them open, by input name.
    /// </summary>
    public static IReadOnlyDictionary<string, Shape> DefaultShapes(
        Model model) => ByName(InputShapes(model, DefaultSide, DefaultSide));

    /// <summary>The same shapes by name.</summary>
    internal static Dictionary<string, Shape> ByName(IReadOnlyDictionary<Value, Shape> shapes) =>
        shapes.ToDictionary(s => s.Key.Name, s => s.Value);

    /// <summary>The same shapes by the inputs of a model; those of other names are left out.</summary>
    internal static Dictionary<Value, Shape> ByValue(Model model, IReadOnlyDictionary<string, Shape> shapes) =>
        model.Graph.Inputs.Where(v => shapes.ContainsKey(v.Name)).ToDictionary(v => v, v => shapes[v.Name]);

    private static bool IsCounted(Node node) => node.IsConv() || node.Is("MatMul") || node.Is("Gemm");

    private static long? Macs(Node node, ShapeMap shapes)
    {
        if (node.IsConv())
        {
            var kernel = Known(node.Input(1)!, shapes)?.Skip(1).Aggregate(1L, (p, d) => p * d);
            return Elements(node.Is("Conv") ? node.Output : node.Input(0)!, shapes) * kernel;
        }

        return Known(node.Input(0)!, shapes) is { Length: > 0 } left
            ? Elements(node.Output, shapes) * (node.GetInt("transA", 0) != 0 ? left[0] : left[^1])
            : null;
    }

    private static long? Elements(Value value, ShapeMap shapes) => Known(value, shapes)?.Aggregate(1L, (p, d) => p * d);

    private static long[]? Known(Value value, ShapeMap shapes)
    {
        if (value.Initializer is { } data)
            return [.. data.Dims];
        return shapes.ShapeOf(value) is { IsKnown: true } shape ? shape.ToArray() : null;
    }
}
