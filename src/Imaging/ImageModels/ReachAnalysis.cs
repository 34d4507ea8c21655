using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;

namespace MsSrConvert.Imaging.ImageModels;

/// <summary>
/// Follows, along one axis (the worse of height and width), which inputs each value depends on. Every sample has a place in input
/// pixels, the centre of the cell it stands for; what is tracked is how far dependencies lie before and after that place.
/// </summary>
internal sealed class ReachAnalysis
{
    private readonly ShapeMap _shapes;
    private readonly Value _input;
    private readonly long _size;
    private readonly Dictionary<Value, Reach> _reach = [];
    private string? _global;
    private long _alignment = 1;

    private ReachAnalysis(Model model, Value input, IReadOnlyList<long> dims)
    {
        _input = input;
        _size = dims.OrderDescending().First();
        _shapes = ShapeInference.Infer(model, new Dictionary<Value, Shape> { [input] = Shape.Known(dims) });
    }

    /// <summary>Input pixels per sample, and the dependencies' extent around the sample's place.</summary>
    private readonly record struct Reach(double Step, double Before, double After)
    {
        public Reach Widen(double before, double after) => new(Step, Before + Step * before, After + Step * after);
    }

    public static ReceptiveField Run(Model model, IReadOnlyList<long> dims)
    {
        var input = model.Graph.Inputs.First(v => v.Initializer is null);
        return new ReachAnalysis(model, input, dims).Run(model);
    }

    private ReceptiveField Run(Model model)
    {
        _reach[_input] = new Reach(1, 0, 0);
        foreach (var node in model.Graph.Nodes)
            Follow(node);
        var outputs = model.Graph.Outputs.Where(_reach.ContainsKey).Select(v => _reach[v]).ToArray();
        if (outputs.Length == 0)
            return new ReceptiveField(0, 0, (int)_alignment, _global ?? "no output could be followed");
        return new ReceptiveField(Whole(outputs.Max(r => r.Before)), Whole(outputs.Max(r => r.After)), (int)_alignment, _global);
    }

    // Half of a pixel's own width at the finest scale is no dependency.
    private static int Whole(double reach) => Math.Max(0, (int)Math.Ceiling(reach - 0.5));

    private void Follow(Node node)
    {
        var sources = node.Inputs.OfType<Value>().Where(_reach.ContainsKey).Select(v => _reach[v]).ToArray();
        if (sources.Length == 0)
            return;
        var start = new Reach(sources.Max(s => s.Step), sources.Max(s => s.Before), sources.Max(s => s.After));
        var end = node.IsStandard ? Through(node, start, sources.Length) : Unfollowed(node, start);
        foreach (var output in node.Outputs.OfType<Value>())
        {
            if (_shapes.TypeOf(output)?.Element.IsFloatingPoint() != false)
                _reach[output] = end;
        }

        var cell = Math.Round(end.Step);
        if (cell > 1 && Math.Abs(cell - end.Step) < 1e-6)
            _alignment = _alignment / Gcd(_alignment, (long)cell) * (long)cell;
    }

    private Reach Through(Node node, Reach reach, int sources) => node.OpType switch
    {
        "ConvTranspose" => Transposed(node, reach),
        _ when node.Has(Traits.Window) => Windowed(node, reach, node.Has(Traits.Product) ? node.Input(1) : null),
        "DepthToSpace" => Shuffled(reach, 1.0 / node.IntOf("blocksize")),
        "SpaceToDepth" => Shuffled(reach, node.IntOf("blocksize")),
        "Resize" or "Upsample" => Resized(node, reach),
        "Reshape" or "Transpose" or "Squeeze" or "Unsqueeze" => Rearranged(node, reach),
        "Pad" => Shifted(reach, -LeadingPad(node)),
        "Slice" => Shifted(reach, LeadingCut(node)),
        _ when node.Has(Traits.Product) => sources == 1 && IsPixelwise(node) ? reach : Unfollowed(node, reach),
        _ when LooksAtAll(node) => Unfollowed(node, reach),
        _ => reach,
    };

    private Reach Windowed(Node node, Reach reach, Value? kernel)
    {
        var spatial = (_shapes.ShapeOf(node.Input(0)!)?.Rank ?? 4) - 2;
        var result = reach;
        for (var axis = 0; axis < spatial; axis++)
        {
            var size = At(node.GetInts("kernel_shape"), axis)
                ?? (
                    kernel is not null && _shapes.ShapeOf(kernel) is { } shape
                        && shape[2 + axis].IsKnown ? shape[2 + axis].Value : 1);
            var stride = At(node.GetInts("strides"), axis) ?? 1;
            var span = (size - 1) * (At(node.GetInts("dilations"), axis) ?? 1);
            var pad = node.TextOf("auto_pad") is "SAME_UPPER" or "SAME_LOWER"
                ? Math.Max(span + 1 - stride, 0) / 2
                : At(node.GetInts("pads"), axis) ?? 0;
            var centre = (stride - 1) / 2.0;
            var moved = reach.Widen(pad + centre, span - pad - centre) with { Step = reach.Step * stride };
            result = Wider(result, moved);
        }

        return result;
    }

    private Reach Transposed(Node node, Reach reach)
    {
        var kernel = _shapes.ShapeOf(node.Input(1)!);
        var result = reach;
        for (var axis = 0; axis < 2; axis++)
        {
            var size = At(node.GetInts("kernel_shape"), axis)
                ?? (kernel is not null && kernel[2 + axis].IsKnown ? kernel[2 + axis].Value : 1);
            var stride = At(node.GetInts("strides"), axis) ?? 1;
            var span = (size - 1) * (At(node.GetInts("dilations"), axis) ?? 1);
            var pad = At(node.GetInts("pads"), axis) ?? (span + 1 - stride) / 2.0;
            // Output o is made of inputs (o + pad - span) / stride to (o + pad) / stride and lies at (o + 0.5) / stride - 0.5.
            var before = (0.5 - pad + span) / stride - 0.5;
            var after = (pad - 0.5) / stride + 0.5;
            result = Wider(result, reach.Widen(before, after) with { Step = reach.Step / stride });
        }

        return result;
    }

    // Samples that shared a place are spread over a cell, or the other way round.
    private static Reach Shuffled(Reach reach, double factor)
    {
        var spread = Math.Abs(1 - factor) / 2;
        return reach.Widen(spread, spread) with { Step = reach.Step * factor };
    }

    private Reach Resized(Node node, Reach reach)
    {
        var step = StepOf(node.Output) ?? reach.Step;
        if (!IsExact(node, reach.Step / step))
            Unfollowed(node, reach);
        var taps = node.TextOf("mode") switch { "cubic" => 2.0, "linear" => 1.0, _ => 0.5 };
        var aligned = node.Is("Upsample") ? "asymmetric" : node.TextOf("coordinate_transformation_mode");
        // Other conventions than cell centres displace samples by up to half a cell.
        var shift = aligned is "half_pixel" or "pytorch_half_pixel" || taps < 1 ? 0 : 0.5;
        var coarser = Math.Max(0, step / reach.Step - 1) / 2;
        return reach.Widen(taps + shift + coarser, taps + shift + coarser) with { Step = step };
    }

    // Stretched to a given size, the samples' places depend on how large the whole image is.
    private bool IsExact(Node node, double factor)
    {
        var (from, to) = (_shapes.ShapeOf(node.Input(0)!), _shapes.ShapeOf(node.Output));
        return from is not { Rank: 4 } || to is not { Rank: 4 } || !from.IsKnown || !to.IsKnown
            || (Math.Max(from[2].Value, from[3].Value) * factor == Math.Max(to[2].Value, to[3].Value));
    }

    private Reach Rearranged(Node node, Reach reach)
    {
        // Only what is an image again has a place; in between, rows and columns are mixed with channels.
        var step = _shapes.ShapeOf(node.Output) is { Rank: 4 } ? StepOf(node.Output) ?? reach.Step : reach.Step;
        return Shuffled(reach, step / reach.Step);
    }

    private static Reach Shifted(Reach reach, double samples) =>
        reach with { Before = reach.Before - reach.Step * samples, After = reach.After + reach.Step * samples };

    private Reach Unfollowed(Node node, Reach reach)
    {
        _global ??= node.ToString();
        return reach;
    }

    private bool LooksAtAll(Node node)
    {
        if (node.Has(Traits.WholeMap))
            return true;
        if (node.Has(Traits.AlongAxis))
            return Normalized(node.IntOf("axis"), 4) != 1;
        if (!node.Has(Traits.Reduction))
            return false;
        var axes = node.GetInts("axes")
            ?? (node.Input(1) is { } given ? _shapes.ContentOf(given)?.Select(d => d.IsKnown ? d.Value : 2).ToArray() : null);
        return axes is null || axes.Any(a => Normalized(a, 4) is 2 or 3);
    }

    // A constant matrix over channels that stand last.
    private bool IsPixelwise(Node node) =>
        node.Is("MatMul") && _shapes.ShapeOf(node.Output) is { Rank: >= 3 } && node.Input(1) is { } weight
            && !_reach.ContainsKey(weight);

    private double LeadingPad(Node node)
    {
        var pads = node.GetInts("pads") ?? Numbers(node.Input(1));
        if (pads is null || node.Input(3) is not null)
            return 0;
        var rank = pads.Count / 2;
        return rank == 4 ? Math.Max(pads[2], pads[1]) : 0;
    }

    private double LeadingCut(Node node)
    {
        var starts = node.GetInts("starts") ?? Numbers(node.Input(1));
        var axes = node.GetInts("axes") ?? Numbers(node.Input(3));
        if (starts is null || _shapes.ShapeOf(node.Output) is not { Rank: 4 })
            return 0;
        var most = 0L;
        for (var i = 0; i < starts.Count; i++)
        {
            if (Normalized(axes is null ? i : axes[i], 4) is 2 or 3)
                most = Math.Max(most, starts[i]);
        }

        return most;
    }

    private IReadOnlyList<long>? Numbers(Value? value) => value is not null && _shapes.ContentOf(value) is { } content
        ? [.. content.Select(d => d.IsKnown ? d.Value : 0)]
        : null;

    // Sizes rarely divide exactly, so the nearest whole number of pixels per sample (or samples per pixel) is meant.
    private double? StepOf(Value value)
    {
        if (_shapes.ShapeOf(value) is not { Rank: 4 } shape || !shape[2].IsKnown || !shape[3].IsKnown)
            return null;
        var extent = Math.Max(shape[2].Value, shape[3].Value);
        if (extent <= 0)
            return null;
        return extent <= _size ? Math.Max(1, Math.Round((double)_size / extent)) : 1 / Math.Round((double)extent / _size);
    }

    private static Reach Wider(Reach a, Reach b) => new(b.Step, Math.Max(a.Before, b.Before), Math.Max(a.After, b.After));

    private static long? At(IReadOnlyList<long>? list, int index) => list is not null && index < list.Count ? list[index] : null;

    private static long Normalized(long axis, int rank) => axis < 0 ? axis + rank : axis;

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);
}
