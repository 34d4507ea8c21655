using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>
/// Leaves repeating elements to the operators that broadcast anyway: where one of their operands is blown up to the shape that
/// another has by itself, by Expand or Tile or as a constant that is the same at every pixel, they read what was blown up. A
/// constant map of one number in a Concat becomes a ConstantOfShape.
/// </summary>
/// <remarks>A gate of channel attention is 1×1 again after this, and the constant of a static export fits every size.</remarks>
public sealed class DropBroadcasts : IPass
{
    /// <inheritdoc/>
    public string Name => "drop-broadcasts";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var changes = 0;
        var emit = new Emitter(model);
        var shapes = ShapeInference.Infer(model, InputSizes.AnySize(model));
        var made = new Dictionary<Value, Value>();
        foreach (var node in model.Graph.AllNodes.Where(n => n.Is("Concat")).ToArray())
            changes += Enumerable.Range(0, node.Inputs.Count).Count(i => MakeFill(node, i, emit));
        foreach (var node in model.Graph.AllNodes.Where(n => n.Has(Traits.Combining | Traits.Comparing)).ToArray())
        {
            for (var i = 0; i < node.Inputs.Count; i++)
                changes += Simplify(node, i, shapes, emit, made) ? 1 : 0;
        }

        return new PassResult(changes);
    }

    // A state of zeros that a static export holds beside its features.
    private static bool MakeFill(Node concat, int index, Emitter emit)
    {
        if (concat.Input(index).Constant() is not { Dims: { Count: 4 } dims } data || data.Count < 2 || dims[2] * dims[3] < 2
            || !TensorMovement.CanMove(data) || !data.Element.IsFloatingPoint()
            || !IsUniform(data.Bytes.Span, data.Element.Bits() / 8))
        {
            return false;
        }

        var fill = emit.Before(concat, "ConstantOfShape", $"fill{index + 1}",
            emit.Ints(concat, $"fill{index + 1}_shape", [.. dims]));
        fill.With("value", new TensorAttribute(TensorMovement.View(data, [1], 0, [0])));
        concat.SetInput(index, fill.Output);
        return true;
    }

    private static bool IsUniform(ReadOnlySpan<byte> elements, int width) => elements[width..].SequenceEqual(elements[..^width]);

    private static bool Simplify(Node node, int index, ShapeMap shapes, Emitter emit, Dictionary<Value, Value> made)
    {
        var operand = node.Input(index);
        if (operand?.Producer is { } producer && (producer.Is("Expand") || producer.Is("Tile"))
            && producer.Input(0) is { } source)
        {
            if (!IsCovered(node, index, shapes.ShapeOf(operand), shapes.ShapeOf(source), shapes))
                return false;
            node.SetInput(index, source);
            GraphEdits.RemoveIfUnused(producer);
            return true;
        }

        if (operand.Constant() is not { Dims: { Count: 4 } dims } data || data.Count == 1 || !TensorMovement.CanMove(data)
            || !IsUniformOverSpace(data) || !IsCovered(node, index, data.Shape, Shape.Known([dims[0], dims[1], 1, 1]), shapes))
        {
            return false;
        }

        if (!made.TryGetValue(operand!, out var pixel))
            made[operand!] = pixel = emit.Initializer(node.Graph!, operand!.Name + "/pixel", Pixel(data));
        node.SetInput(index, pixel);
        return true;
    }

    // True where along every axis the small operand equals the large one or another operand has the large one's size.
    private static bool IsCovered(Node node, int index, Shape? large, Shape? small, ShapeMap shapes)
    {
        if (large is null || small is null || small.Rank > large.Rank)
            return false;
        var others = node.Inputs.Where((v, i) => i != index && v is not null).Select(v => shapes.ShapeOf(v!)).ToArray();
        for (var i = 1; i <= large.Rank; i++)
        {
            var (wanted, own) = (large[^i], i <= small.Rank ? small[^i] : Dim.Known(1));
            if (wanted.IsUnknown || (own != wanted && !others.Any(o => o is not null && o.Rank >= i && o[^i] == wanted)))
                return false;
        }

        return small.Rank == large.Rank || others.Any(o => o?.Rank >= large.Rank);
    }

    private static bool IsUniformOverSpace(TensorData data)
    {
        var pixels = (int)(data.Dims[2] * data.Dims[3]);
        var width = data.Element.Bits() / 8;
        var bytes = data.Bytes.Span;
        if (pixels < 2)
            return false;
        for (var plane = 0; plane < bytes.Length; plane += pixels * width)
        {
            if (!IsUniform(bytes.Slice(plane, pixels * width), width))
                return false;
        }

        return true;
    }

    private static TensorData Pixel(TensorData data)
    {
        var strides = TensorMovement.Strides(data.Dims);
        return TensorMovement.View(data, [data.Dims[0], data.Dims[1], 1, 1], 0, [strides[0], strides[1], 0, 0]);
    }
}
