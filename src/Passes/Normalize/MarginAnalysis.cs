using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Normalize;

/// <summary>How many pixels a value has more than its source on each side.</summary>
internal readonly record struct Margin(long Top, long Left, long Bottom, long Right)
{
    public bool IsZero => this == default;

    public long Begin(int axis) => axis == 0 ? Top : Left;

    public long End(int axis) => axis == 0 ? Bottom : Right;

    public Margin Scale(long factor) => new(Top * factor, Left * factor, Bottom * factor, Right * factor);

    public Margin? Divide(long divisor) =>
        Top % divisor == 0 && Left % divisor == 0 && Bottom % divisor == 0 && Right % divisor == 0
            ? new Margin(Top / divisor, Left / divisor, Bottom / divisor, Right / divisor)
            : null;

    public Margin Plus(Margin other) => new(Top + other.Top, Left + other.Left, Bottom + other.Bottom, Right + other.Right);
}

/// <summary>
/// What deferring a network's crops takes. All or nothing: where a margin meets an operator that can't carry it, nothing is
/// deferred.
/// </summary>
/// <param name="Pads">The convs that get size-keeping pads (top, left, bottom, right), by node name.</param>
/// <param name="Slices">The names of the Slices that only cut borders off; the margin takes their place.</param>
/// <param name="Margins">What has to be cut off the graph's outputs, by name; outputs without are left out.</param>
internal sealed record DeferredCrops(
    IReadOnlyDictionary<string, long[]> Pads, IReadOnlySet<string> Slices, IReadOnlyDictionary<string, Margin> Margins)
{
    /// <summary>Nothing is deferred.</summary>
    public static DeferredCrops None { get; } = new(new Dictionary<string, long[]>(), new HashSet<string>(),
        new Dictionary<string, Margin>());
}

/// <summary>Follows margins through the graph; see <see cref="DeferCrops"/>.</summary>
internal sealed class MarginAnalysis
{
    private MarginAnalysis()
    {
    }

    private Dictionary<Value, Margin> Margins { get; } = [];

    private Dictionary<Node, long[]> NewPads { get; } = [];

    private List<Node> DroppedSlices { get; } = [];

    /// <summary>What deferring a graph's crops takes; nothing where none can be.</summary>
    public static DeferredCrops Crops(Graph graph)
    {
        if (Run(graph) is not { NewPads.Count: > 0 } analysis)
            return DeferredCrops.None;
        var margins = graph.Outputs.Distinct().Where(v => !analysis.At(v).IsZero).ToDictionary(v => v.Name, analysis.At);
        return new DeferredCrops(
            analysis.NewPads.ToDictionary(p => p.Key.Name, p => p.Value), analysis.DroppedSlices.Select(n => n.Name).ToHashSet(),
            margins);
    }

    // From the inputs to the outputs; null where a margin meets an operator that can't carry it.
    private static MarginAnalysis? Run(Graph graph)
    {
        var analysis = new MarginAnalysis();
        foreach (var node in graph.Nodes)
        {
            if (analysis.Of(node) is not { } margin || analysis.IsSeenInside(node))
                return null;
            if (margin.IsZero)
                continue;
            foreach (var output in node.Outputs.OfType<Value>())
                analysis.Margins[output] = margin;
        }

        return analysis;
    }

    private Margin At(Value? value) => value is null ? default : Margins.GetValueOrDefault(value);

    // What a nested graph reads of this one stands among no node's inputs.
    private bool IsSeenInside(Node node) =>
        node.Subgraphs.SelectMany(GraphEdits.WithNested).SelectMany(g => g.Nodes)
            .Any(inner => inner.Inputs.Any(v => !At(v).IsZero));

    // The margin of the node's outputs; null where the node can't carry its inputs' margins.
    private Margin? Of(Node node)
    {
        var margin = At(node.Input(0));
        if (node.Is("Conv"))
            return OfConv(node, margin);
        if (node.Is("ConvTranspose"))
            return OfConvTranspose(node, margin);
        if (node.Is("Slice") && BorderCut(node) is { } cut)
        {
            DroppedSlices.Add(node);
            return margin.Plus(cut);
        }

        if (node.Inputs.All(input => At(input).IsZero))
            return default(Margin);
        if (node.Is("DepthToSpace"))
            return margin.Scale(node.IntOf("blocksize"));
        if (node.Is("SpaceToDepth"))
            return margin.Divide(node.IntOf("blocksize"));
        return node.Has(Traits.Elementwise | Traits.PerChannel) || node.Is("Concat")
            || node.Is("Split") ? OfPixelwise(node) : null;
    }

    // Operands with a margin must have the same one; 1x1 gates and constants have none and fit any, unless these vary over space.
    private Margin? OfPixelwise(Node node)
    {
        if (node.OpType is "Concat" or "Split" && node.IntOf("axis") is not (1 or -3))
            return null;
        if (node.Inputs.Any(input => input?.Initializer is { } constant && VariesOverSpace(node, constant)))
            return null;
        var margins =
            node.Inputs.Where(input => input is { Initializer: null } && !IsPooled(input)).Select(At).Distinct().ToArray();
        return margins.Length == 1 ? margins[0] : null;
    }

    private static bool VariesOverSpace(Node node, TensorData constant) => node.OpType switch
    {
        "Concat" => true,
        "Split" or "BatchNormalization" or "Clip" => false,
        _ => constant.Dims.TakeLast(2).Any(d => d > 1),
    };

    private static bool IsPooled(Value value) =>
        value.Shape is { Rank: 4 } shape && shape[2] == Dim.Known(1) && shape[3] == Dim.Known(1);

    private Margin? OfConv(Node conv, Margin margin)
    {
        if (Window(conv) is not { } window || window.Strides is not [1, 1] || ConvSite.Of(conv).Pad is not null)
            return Unchanged(margin);
        var pads = new long[4];
        var result = new long[4];
        for (var axis = 0; axis < 2; axis++)
        {
            var (before, after) = (window.Pads[axis], window.Pads[axis + 2]);
            var total = window.Spans[axis] - 1;
            // Zeros the source pads with would have to stand where now the margin's pixels are.
            if ((margin.Begin(axis) > 0 && before > 0) || (margin.End(axis) > 0 && after > 0) || before + after > total)
                return Unchanged(margin);
            pads[axis] = Math.Max(before, total - Math.Max(after, total / 2));
            pads[axis + 2] = total - pads[axis];
            result[axis] = margin.Begin(axis) - before + pads[axis];
            result[axis + 2] = margin.End(axis) - after + pads[axis + 2];
        }

        if (!pads.AsSpan().SequenceEqual(window.Pads))
            NewPads[conv] = pads;
        return new Margin(result[0], result[1], result[2], result[3]);
    }

    private Margin? OfConvTranspose(Node conv, Margin margin)
    {
        if (Window(conv) is not { } window || conv.GetInts("output_padding")?.Any(p => p != 0) == true
            || conv.Attributes.ContainsKey("output_shape"))
        {
            return Unchanged(margin);
        }

        var pads = new long[4];
        var result = new long[4];
        for (var axis = 0; axis < 2; axis++)
        {
            var (before, after, stride) = (window.Pads[axis], window.Pads[axis + 2], window.Strides[axis]);
            var total = window.Spans[axis] - stride;
            // The source's border pixels must not have been reached by what now is margin.
            var reached = (margin.Begin(axis) > 0 && before + stride < window.Spans[axis])
                || (margin.End(axis) > 0 && after + stride < window.Spans[axis]);
            if (reached || before + after < total || total < 0)
                return Unchanged(margin);
            pads[axis] = Math.Min(before, total - Math.Min(after, total / 2));
            pads[axis + 2] = total - pads[axis];
            result[axis] = margin.Begin(axis) * stride + before - pads[axis];
            result[axis + 2] = margin.End(axis) * stride + after - pads[axis + 2];
        }

        if (!pads.AsSpan().SequenceEqual(window.Pads))
            NewPads[conv] = pads;
        return new Margin(result[0], result[1], result[2], result[3]);
    }

    // A node that stays as it is can only carry on without a margin.
    private static Margin? Unchanged(Margin margin) => margin.IsZero ? margin : null;

    private static (long[] Spans, long[] Strides, long[] Pads)? Window(Node conv)
    {
        if (conv.Input(1)?.Initializer is not { Dims.Count: 4 } weight || conv.TextOf("auto_pad") is not ("NOTSET" or "VALID"))
            return null;
        var dilations = conv.GetInts("dilations") ?? [1, 1];
        return (
            [dilations[0] * (weight.Dims[2] - 1) + 1, dilations[1] * (weight.Dims[3] - 1) + 1],
            [.. conv.GetInts("strides") ?? [1, 1]],
            [.. conv.GetInts("pads") ?? [0, 0, 0, 0]]);
    }

    // A Slice that cuts a fixed number of pixels off the borders of N,C,H,W: what it cuts, else null.
    private static Margin? BorderCut(Node slice)
    {
        if (slice.Input(0)?.Shape?.Rank is not (4 or null) || slice.Input(0)?.Initializer is not null)
            return null;
        if (slice.Input(1)?.Initializer?.ToInt64s() is not { } starts || slice.Input(2)?.Initializer?.ToInt64s() is not { } ends
            || slice.Input(3)?.Initializer?.ToInt64s() is not { } axes
            || slice.Input(4)?.Initializer?.ToInt64s().Any(s => s != 1) == true)
        {
            return null;
        }
        var cut = new long[4];
        for (var k = 0; k < axes.Length; k++)
        {
            if (axes[k] is not (2 or 3) || starts[k] < 0 || (ends[k] >= 0 && ends[k] < int.MaxValue))
                return null;
            cut[axes[k] - 2] = starts[k];
            cut[axes[k]] = ends[k] < 0 ? -ends[k] : 0;
        }

        return new Margin(cut[0], cut[1], cut[2], cut[3]);
    }
}
