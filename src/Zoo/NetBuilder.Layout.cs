using MsSrConvert.GraphIR;

namespace MsSrConvert.Zoo;

/// <content>Operators that move, cut, join and resample.</content>
public sealed partial class NetBuilder
{
    /// <summary>Joins values along the channels.</summary>
    public Value Concat(params IReadOnlyList<Value> values) =>
        Emit("Concat", values.Sum(Channels), values).With("axis", 1).Output;

    /// <summary>Joins integer vectors end to end.</summary>
    public Value ConcatVectors(params IReadOnlyList<Value> vectors) => Emit("Concat", NoChannels, vectors).With("axis", 0).Output;

    /// <summary>
    /// Cuts a value into pieces of the given channels; the sizes are an input from opset 13 on, else an attribute.
    /// </summary>
    public IReadOnlyList<Value> Split(Value x, params IReadOnlyList<int> channels)
    {
        long[] sizes = [.. channels.Select(c => (long)c)];
        var node = Opset < 13
            ? EmitMany(null, "Split", channels, [x]).With("axis", 1).With("split", sizes)
            : EmitMany(null, "Split", channels, [x, Integers(sizes)]).With("axis", 1);
        return [.. node.Outputs.OfType<Value>()];
    }

    /// <summary>Cuts a value along one axis; bounds are attributes before opset 10 and inputs from then on.</summary>
    /// <param name="x">The value.</param>
    /// <param name="axes">The axes cut.</param>
    /// <param name="starts">First index kept, from the end where negative.</param>
    /// <param name="ends">First index dropped, from the end where negative.</param>
    /// <param name="channels">Channels of the result; those of <paramref name="x"/> where absent.</param>
    public Value Slice(Value x, long[] axes, long[] starts, long[] ends, int? channels = null)
    {
        var count = channels ?? Channels(x);
        return Opset < 10
            ? Emit("Slice", count, x).With("axes", axes).With("ends", ends).With("starts", starts).Output
            : Emit("Slice", count, x, Integers(starts), Integers(ends), Integers(axes)).Output;
    }

    /// <summary>Takes off a border of that many pixels on each side.</summary>
    public Value Crop(Value x, int border) => Slice(x, [2, 3], [border, border], [-border, -border]);

    /// <summary>Pads height and width on each side; <c>mode</c> is constant, reflect or edge.</summary>
    public Value Pad(Value x, int border, string mode = "reflect")
    {
        long[] pads = [0, 0, border, border, 0, 0, border, border];
        var node = Opset < 11 ? Emit("Pad", Channels(x), x).With("pads", pads) : Emit("Pad", Channels(x), x, Integers(pads));
        return node.With("mode", mode).Output;
    }

    /// <summary>PixelShuffle: <c>C*r*r</c> channels become <c>C</c> at r times the height and width.</summary>
    /// <param name="x">(N,C*r*r,H,W).</param>
    /// <param name="factor">r.</param>
    /// <param name="mode">CRD, PyTorch's order of channels, or DCR, TensorFlow's; before opset 11 there is only DCR.</param>
    public Value PixelShuffle(Value x, int factor, string mode = "CRD")
    {
        var node = Emit("DepthToSpace", Channels(x) / (factor * factor), x).With("blocksize", factor);
        return (Opset < 11 ? node : node.With("mode", mode)).Output;
    }

    /// <summary>The inverse of a DCR PixelShuffle.</summary>
    public Value SpaceToDepth(Value x, int factor) =>
        Emit("SpaceToDepth", Channels(x) * factor * factor, x).With("blocksize", factor).Output;

    /// <summary>Resizes by a factor: Upsample before opset 10, Resize from then on.</summary>
    public Value Resize(Value x, float factor, string mode = "nearest")
    {
        float[] scales = [1, 1, factor, factor];
        if (Opset < 9)
            return Emit("Upsample", Channels(x), x).With("mode", mode).With("scales", new FloatsAttribute(scales)).Output;
        return Resize(x, Constant(TensorData.Of(scales, 4)), mode);
    }

    /// <summary>Resizes by scales that are a value of their own; from opset 9 on.</summary>
    public Value Resize(Value x, Value scales, string mode)
    {
        if (Opset < 11)
            return Emit(Opset < 10 ? "Upsample" : "Resize", Channels(x), x, scales).With("mode", mode).Output;
        return ResizeForm(Emit("Resize", Channels(x), x, NoRegion(), scales), mode);
    }

    /// <summary>Resizes to a size that is a value of its own, (N,C,H,W) as int64; from opset 11 on.</summary>
    public Value ResizeTo(Value x, Value sizes, string mode = "nearest") =>
        ResizeForm(Emit("Resize", Channels(x), x, NoRegion(), Opset < 13 ? NoFloats() : null, sizes), mode);

    /// <summary>
    /// Resizes to the height and width of another value, computed in the graph through Shape, Slice and Concat.
    /// </summary>
    public Value ResizeLike(Value x, Value reference, string mode = "linear")
    {
        var head = Slice(ShapeOf(x), [0], [0], [2]);
        var size = Slice(ShapeOf(reference), [0], [2], [4]);
        return ResizeTo(x, ConcatVectors(head, size), mode);
    }

    /// <summary>The shape as an int64 vector.</summary>
    public Value ShapeOf(Value x) => Emit("Shape", NoChannels, x).Output;

    /// <summary>Picks elements of a vector, or rows of a tensor.</summary>
    public Value Gather(Value x, Value indices) => Emit("Gather", NoChannels, x, indices).With("axis", 0).Output;

    /// <summary>Another element type.</summary>
    public Value Cast(Value x, ElementType to) => Emit("Cast", Channels(x), x).With("to", (long)to).Output;

    /// <summary>Adds axes of length 1; an attribute before opset 13, an input from then on.</summary>
    public Value Unsqueeze(Value x, params IReadOnlyList<long> axes) => Opset < 13
        ? Emit("Unsqueeze", NoChannels, x).With("axes", axes).Output
        : Emit("Unsqueeze", NoChannels, x, Integers(axes)).Output;

    /// <summary>Reshapes to fixed lengths: 0 keeps one, -1 takes what is left.</summary>
    public Value Reshape(Value x, int channels, params IReadOnlyList<long> dims) => Reshape(x, channels, Integers(dims));

    /// <summary>Reshapes to lengths that are a value of their own.</summary>
    public Value Reshape(Value x, int channels, Value dims) => Emit("Reshape", channels, x, dims).Output;

    /// <summary>Reorders axes.</summary>
    public Value Transpose(Value x, int channels, params IReadOnlyList<long> order) =>
        Emit("Transpose", channels, x).With("perm", order).Output;

    // Opsets 11 and 12 have no absent inputs here: an empty tensor says that there is nothing.
    private Value? NoRegion() => Opset < 13 ? NoFloats() : null;

    private Value NoFloats() => Constant(TensorData.Of(ReadOnlySpan<float>.Empty, 0));

    private static Value ResizeForm(Node node, string mode)
    {
        var nearest = mode == "nearest";
        node.With("coordinate_transformation_mode", nearest ? "asymmetric" : "half_pixel");
        if (mode == "cubic")
            node.With("cubic_coeff_a", -0.75f);
        node.With("mode", mode);
        if (nearest)
            node.With("nearest_mode", "floor");
        return node.Output;
    }
}
