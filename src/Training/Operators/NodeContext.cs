using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;

namespace MsSrConvert.Training.Operators;

/// <summary>A node and what is known of its values at one size of the network's input.</summary>
internal sealed class NodeContext(Node node, ShapeMap shapes)
{
    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>The dimensions of a value.</summary>
    public long[] Dims(Value? value) =>
        value is not null && shapes.ShapeOf(value) is { IsKnown: true } shape
            ? shape.ToArray() : throw Unsupported($"the shape of '{value?.Name}' isn't known");

    /// <summary>The dimensions of the node's first output.</summary>
    public long[] OutputDims => Dims(node.Output);

    /// <summary>
    /// The elements of an integer input (a shape, axes, pads), constant or computed from shapes; null where it is absent.
    /// </summary>
    public long[]? Integers(int input)
    {
        if (node.Input(input) is not { } value)
            return null;
        return shapes.ContentOf(value) is { } content && content.All(d => d.IsKnown) ? [.. content.Select(d => d.Value)]
            : value.Initializer is { } data && !data.Element.IsFloatingPoint() ? data.ToInt64s()
            : throw Unsupported($"its input '{value.Name}' is computed from pixels");
    }

    /// <summary>The elements of a small input as numbers; null where it is absent or empty.</summary>
    public double[]? Numbers(int input)
    {
        if (node.Input(input) is not { } value || value.Initializer is { Count: 0 })
            return null;
        return shapes.NumbersOf(value)?.ToArray() ?? throw Unsupported($"its input '{value.Name}' is computed from pixels");
    }

    /// <summary>An axis counted from the front.</summary>
    public static int Axis(long axis, int rank) => (int)(axis < 0 ? axis + rank : axis);

    /// <summary>Refuses images that aren't (N,C,H,W).</summary>
    public void RequireImage(Value? value)
    {
        if (Dims(value).Length != 4)
            throw Unsupported($"'{value!.Name}' has {Dims(value).Length} dimensions, not 4");
    }

    /// <summary>Says that this form of the operator isn't known.</summary>
    public UnsupportedNodeException Unsupported(string why) => new(node, why);
}

/// <summary>A node that can't be computed with TorchSharp here.</summary>
internal sealed class UnsupportedNodeException(Node node, string why) : Exception($"{node}: {why}")
{
    /// <summary>The node.</summary>
    public Node Node => node;
}
