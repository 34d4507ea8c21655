using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Costs;

/// <summary>What is known of a source as it was read: what a conversion's result is compared with.</summary>
public sealed class SourceFacts
{
    private readonly Model _model;
    private readonly IReadOnlyList<ImageInput> _images;

    private SourceFacts(Model model, IReadOnlyList<ImageInput> images, IReadOnlyDictionary<string, Shape> costShapes)
    {
        (_model, _images, CostShapes) = (model, images, costShapes);
        Cost = CostModel.Count(model, CostModel.ByValue(model, costShapes));
        SmallestInput = Costs.SmallestInput.Find(model, images);
        OutputShapes = KnownOutputs(Infer(costShapes));
    }

    /// <summary>The input shapes that costs are counted at, by input name.</summary>
    public IReadOnlyDictionary<string, Shape> CostShapes { get; }

    /// <summary>The names of what the source must be given, in order; initializers listed as inputs are left out.</summary>
    public IReadOnlyList<string> Inputs => [.. _model.Graph.Inputs.Where(v => v.Initializer is null).Select(v => v.Name)];

    /// <summary>The names of what the source computes, in order.</summary>
    public IReadOnlyList<string> Outputs => [.. _model.Graph.Outputs.Select(v => v.Name)];

    /// <summary>What the source costs there.</summary>
    public ModelCost Cost { get; }

    /// <summary>The smallest square image the source takes, in pixels a side; null where none up to 4096 fits.</summary>
    public long? SmallestInput { get; }

    /// <summary>
    /// The source's output shapes at <see cref="CostShapes"/>, by output name, where shape inference finds them.
    /// </summary>
    public IReadOnlyDictionary<string, Shape> OutputShapes { get; }

    /// <summary>Measures a source whose weights are initializers.</summary>
    /// <param name="model">The source; not to be changed afterwards.</param>
    /// <param name="costShapes">
    /// The input shapes to count at, by name; null for the model's own, 128×128 where it leaves them open.
    /// </param>
    public static SourceFacts Of(Model model, IReadOnlyDictionary<string, Shape>? costShapes)
    {
        var images = ImageInputs.Find(model);
        return new SourceFacts(model, images, costShapes
            ?? CostModel.ByName(CostModel.InputShapes(model, images, CostModel.DefaultSide, CostModel.DefaultSide)));
    }

    /// <summary>The input shapes with the given height and width where the source leaves them open, by input name.</summary>
    internal IReadOnlyDictionary<string, Shape> InputShapes(long height, long width) =>
        CostModel.ByName(CostModel.InputShapes(_model, _images, height, width));

    /// <summary>
    /// The output shapes at other input shapes, as <see cref="OutputShapes"/>; null where sizes contradict each other there.
    /// </summary>
    internal IReadOnlyDictionary<string, Shape>? OutputShapesAt(IReadOnlyDictionary<string, Shape> inputShapes)
    {
        var shapes = Infer(inputShapes);
        return shapes.Conflicts.Any(c => c.Kind != ConflictKind.Possible) ? null : KnownOutputs(shapes);
    }

    private ShapeMap Infer(IReadOnlyDictionary<string, Shape> inputShapes) =>
        ShapeInference.Infer(_model, CostModel.ByValue(_model, inputShapes));

    // A value may be listed twice.
    private Dictionary<string, Shape> KnownOutputs(ShapeMap shapes) =>
        _model.Graph.Outputs.Distinct().Select(v => (v.Name, Shape: shapes.ShapeOf(v))).Where(o => o.Shape is { IsKnown: true })
            .ToDictionary(o => o.Name, o => o.Shape!);
}
