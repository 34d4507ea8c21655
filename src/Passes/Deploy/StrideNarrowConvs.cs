using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Lets a convolution with few output channels on a map of even height and width (the last one, to an image) make 2×2 pixels at
/// once: a kernel one larger, stride 2, four times the channels, and a DepthToSpace. Runtimes compute channels in blocks of 8 or
/// 16; three channels leave most of a block idle, twelve don't.
/// </summary>
/// <remarks>
/// (N,I,H,W) → (N,4·O,H/2,W/2) → (N,O,H,W). Pixel (2i+p, 2j+q) reads rows 2i+p-r … 2i+p+r, which lie in the window of 2r+2 rows
/// that the strided kernel has at i: the source's kernel stands in it moved by (p, q). A doubled image that is added to the
/// result is added before the DepthToSpace, every channel four times, and isn't doubled at all.
/// </remarks>
/// <param name="block">The runtime's channel block.</param>
internal sealed class StrideNarrowConvs(int block) : IPass
{
    // The larger window costs multiply-adds; below this share of the block-rounded cost it pays.
    private const double Worthwhile = 0.7;

    /// <inheritdoc/>
    public string Name => "stride-narrow-convs";

    /// <inheritdoc/>
    public PassResult Run(Model model, PassContext context)
    {
        var candidates = model.Graph.Nodes.Where(Fits).ToArray();
        if (candidates.Length == 0)
            return new PassResult(0);
        var shapes = ShapeInference.Infer(model);
        var emit = new Emitter(model);
        var changes = 0;
        foreach (var conv in candidates.Where(c => IsEven(shapes.ShapeOf(c.Input(0)!))))
        {
            Rewrite(conv, shapes, emit);
            changes++;
        }

        return new PassResult(changes);
    }

    private bool Fits(Node node)
    {
        if (!ConvWeights.IsConstantConv(node)
            || ConvWindow.Find(node) is not { Transposed: false, HasOwnPads: true, Groups: 1 } window)
        {
            return false;
        }

        var dims = node.Input(1)!.Initializer!.Dims;
        var (outs, ins, side) = (dims[0], dims[1], window.Height);
        // An odd square that slides by one and keeps the size.
        var isPlain = side == window.Width && side % 2 == 1 && window is { Strides: [1, 1], Dilations: [1, 1] }
            && Array.TrueForAll(window.Pads, p => p == side / 2);
        var before = 4 * side * side * Multiples.RoundUp(outs, block);
        var after = (side + 1) * (side + 1) * Multiples.RoundUp(4 * outs, block);
        return isPlain && ins >= block && ins % 4 == 0 && after <= Worthwhile * before;
    }

    private static bool IsEven(Shape? shape) =>
        shape is { Rank: 4 } && shape[2].TryDivide(2, out _) && shape[3].TryDivide(2, out _);

    private static void Rewrite(Node conv, ShapeMap shapes, Emitter emit)
    {
        var (kernel, bias) = (conv.Input(1)!.Initializer!, conv.Input(2)?.Initializer);
        var outs = (int)kernel.Dims[0];
        var side = kernel.Dims[2];
        List<Value?> inputs = [conv.Input(0), emit.Initializer(conv, "strided_kernel", Spread(kernel))];
        if (bias is not null)
            inputs.Add(emit.Initializer(conv, "strided_bias", TensorMovement.Concat([bias, bias, bias, bias], 0)));
        var strided = emit.Before(conv, "Conv", "strided", [.. inputs]).With("kernel_shape", [side + 1, side + 1])
            .With("strides", [2, 2]).With("pads", conv.GetInts("pads") ?? [0, 0, 0, 0]);
        var (last, shallow) = (conv, strided.Output);
        if (DoubledSummand(conv, outs, shapes) is var (sum, image))
        {
            var repeated = emit.Before(sum, "Concat", "repeated", image, image, image, image).With("axis", 1);
            (last, shallow) = (sum, emit.Before(sum, "Add", "strided", strided.Output, repeated.Output).Output);
        }

        var graph = conv.Graph!;
        var shuffle = emit.Before(last, "DepthToSpace", "pixels", shallow).With("blocksize", 2).With("mode", "DCR");
        GraphEdits.TakeOutput(shuffle, last);
        if (last != conv)
            graph.Remove(conv);
    }

    // Add(conv, Resize(image)), where nothing else reads either.
    private static (Node Sum, Value Image)? DoubledSummand(Node conv, int channels, ShapeMap shapes)
    {
        if (conv.Output is not { IsGraphOutput: false, Uses: [{ Node: var sum } use] } || !sum.Is("Add")
            || sum.Graph != conv.Graph)
        {
            return null;
        }

        return sum.Input(1 - use.Index) is { IsGraphOutput: false, Uses.Count: 1, Producer: { } up } && Resampling.IsUp(up)
            && shapes.ShapeOf(up.Input(0)!) is { Rank: 4 } shape && shape[1] == Dim.Known(channels)
            ? (sum, up.Input(0)!)
            : null;
    }

    // [O,I,k,k] → [4·O,I,k+1,k+1], block position outermost: the order of DepthToSpace's mode DCR.
    private static TensorData Spread(TensorData kernel)
    {
        var values = kernel.ToFloats();
        var (maps, side) = ((int)(kernel.Dims[0] * kernel.Dims[1]), (int)kernel.Dims[2]);
        var result = new float[4 * maps * (side + 1) * (side + 1)];
        for (var place = 0; place < 4; place++)
        {
            for (var line = 0; line < maps * side; line++)
            {
                var (map, row) = (line / side, line % side + place / 2);
                var at = ((place * maps + map) * (side + 1) + row) * (side + 1) + place % 2;
                values.AsSpan(line * side, side).CopyTo(result.AsSpan(at));
            }
        }

        return TensorData.OfFloating(kernel.Element, result, 4 * kernel.Dims[0], kernel.Dims[1], side + 1, side + 1);
    }
}
