using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>How much memory running a model takes.</summary>
public static class MemoryEstimate
{
    // What convolutions unfold their inputs into, and buffers that can't be reused at once.
    private const double Overhead = 1.5;

    /// <summary>
    /// Bytes per input pixel that are in use at the busiest moment, when every value is freed after its last reader. Null where a
    /// size can't be inferred.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="height">Rows of <paramref name="dims"/>.</param>
    /// <param name="width">Columns of <paramref name="dims"/>.</param>
    /// <param name="dims">An input shape that the model takes.</param>
    public static double? BytesPerPixel(Model model, long height, long width, params long[] dims)
    {
        var input = model.Graph.Inputs.First(v => v.Initializer is null);
        var shapes = ShapeInference.Infer(model, new Dictionary<Value, Shape> { [input] = Shape.Known(dims) });
        var nodes = model.Graph.Nodes;
        var lastUse = new Dictionary<Value, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var value in nodes[i].Inputs.OfType<Value>())
                lastUse[value] = i;
        }

        var (live, most) = (Bytes(shapes, input) ?? 0, 0.0);
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var value in nodes[i].Outputs.OfType<Value>())
            {
                if (Bytes(shapes, value) is not { } bytes)
                    return null;
                live += bytes;
            }

            most = Math.Max(most, live);
            foreach (var value in nodes[i].Inputs.Concat(nodes[i].Outputs).OfType<Value>().Distinct())
            {
                if (!value.IsGraphOutput && lastUse.GetValueOrDefault(value, i) == i)
                    live -= Bytes(shapes, value) ?? 0;
            }
        }

        return most * Overhead / ((double)height * width);
    }

    private static double? Bytes(ShapeMap shapes, Value value)
    {
        // Weights are there once, however large the image is.
        if (value.Initializer is not null || value.Producer?.Is("Constant") == true)
            return 0;
        if (shapes.TypeOf(value) is not { } type)
            return null;
        if (!type.Element.IsFloatingPoint())
            return 0;
        return type.Shape is { IsKnown: true } shape
            ? shape.ToArray().Aggregate(1.0, (a, b) => a * b) * type.Element.Bits() / 8 : null;
    }
}
