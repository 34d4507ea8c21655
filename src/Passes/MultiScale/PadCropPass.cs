using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Analysis;
using MsSrConvert.Passes.Infrastructure;

namespace MsSrConvert.Passes.MultiScale;

/// <summary>
/// Lets the converted model take every height and width: one Pad (repeating the edge) at each image input up to the multiple the
/// branches need, one Slice at each image output back to the source's size. Both are computed in the graph where the size is
/// symbolic, are constant where it is known, and are left out where nothing has to be done.
/// </summary>
public sealed class PadCropPass(ConversionPlan plan) : IPass
{
    /// <inheritdoc/>
    public string Name => "pad-crop";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        if (plan.Options.AssumeMultiple || plan.Layouts.Count == 0)
            return new PassResult(0);
        var writer = new SizeWriter(model.Graph, plan);
        var changes = 0;
        var images = plan.InputSizes.Images.Where(NeedsPad).ToDictionary(image => image, writer.ReadSize);
        foreach (var (image, size) in images)
        {
            writer.Pad(image, size);
            changes++;
        }

        var symbols = InputSymbols(model.Graph);
        foreach (var output in model.Graph.Outputs.Distinct().Where(v => v.Producer is not null).ToArray())
        {
            if (images.Count > 0 && !Follows(output, symbols))
                throw writer.Uncroppable(output);
            var axes = ChangedAxes(output);
            if (axes.Count == 0)
                continue;
            writer.Crop(output, axes, images);
            changes++;
        }

        model.Graph.SortTopologically();
        return new PassResult(changes);
    }

    private bool NeedsPad(ImageInput image) => image.Axes.Any(axis =>
        plan.InputSizes.Shapes.ShapeOf(image.Value)![axis] != InputSizes.Named(image.Value)[axis]);

    private static Dictionary<string, long> InputSymbols(Graph graph) => graph.Inputs.Where(v => v.Shape is not null)
        .SelectMany(InputSizes.Named).SelectMany(dim => dim.Terms).Select(term => term.Symbol).Distinct().ToDictionary(name => name, _ => 1L);

    // An image whose size is only declared, not computed from the inputs', may or may not change with them.
    private bool Follows(Value output, Dictionary<string, long> symbols)
    {
        var (source, padded) = (plan.SourceShapes.ShapeOf(output), plan.InputSizes.Shapes.ShapeOf(output));
        if (source is null || padded is null)
            return output.Tensor?.Element.IsFloatingPoint() != true;
        return source.Rank != 4 || source.Zip(padded).Skip(1).All(dim => (dim.First.Evaluate(symbols) ?? dim.Second.Evaluate(symbols)) is not null);
    }

    private List<int> ChangedAxes(Value output)
    {
        var (padded, source) = (plan.InputSizes.Shapes.ShapeOf(output), plan.SourceShapes.ShapeOf(output));
        if (padded is null || source is null)
            return [];
        return [.. Enumerable.Range(0, padded.Rank).Where(axis => padded[axis] != source[axis])];
    }
}
