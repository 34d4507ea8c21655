using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Operators;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Normalize.Support;

namespace MsSrConvert.Passes.Deploy;

/// <summary>
/// Finds which feature values (N,C,H,W) may get further channels, and where these go: values that operators tie channel by
/// channel form a space, which is open where only convolutions and such operators touch it.
/// </summary>
internal sealed class ChannelSpaces
{
    private static readonly HashSet<string> Pools = ["AveragePool", "MaxPool", "GlobalAveragePool", "GlobalMaxPool"];

    private readonly ShapeMap _shapes;
    private readonly Func<long, long> _width;
    private readonly DisjointSets<Value> _spaces = new();
    private readonly HashSet<Value> _closed = [];
    private readonly HashSet<Value> _fromConvs = [];
    private readonly List<Layout> _layouts = [];
    private readonly Dictionary<Value, int[]> _places = [];
    private readonly Dictionary<Value, Layout> _definitions = [];

    /// <summary>Analyses the main graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="width">How many channels a space of the given number should have.</param>
    public ChannelSpaces(Model model, Func<long, long> width)
    {
        (_shapes, _width) = (ShapeInference.Infer(model), width);
        foreach (var value in model.Graph.Inputs.Concat(model.Graph.Outputs))
            _closed.Add(value);
        foreach (var node in model.Graph.Nodes)
            Visit(node);
        foreach (var captured in model.Graph.Values.Where(v => v.Uses.Any(use => use.Node.Graph != model.Graph)))
            _closed.Add(captured);
        CloseForGood();
    }

    /// <summary>
    /// What stands in every channel of the value afterwards: a channel of now, or -1 for a new one. Null where nothing changes.
    /// </summary>
    public int[]? Places(Value value)
    {
        if (!IsFeature(value))
            return null;
        var places = Of(_spaces.Root(value));
        return places.Length == Channels(value) ? null : places;
    }

    // New channels are multiplied by zeros, which makes nothing of finite numbers only; Cast may make integers, whose constants
    // aren't padded.
    private static bool KeepsFinite(Node node) => node.Has(Traits.Unary) && !node.Has(Traits.Partial) && !node.Is("Cast");

    private long Channels(Value value) => _shapes.ShapeOf(value)![1].Value;

    private bool IsFeature(Value? value) =>
        value is { Initializer: null } && _shapes.ShapeOf(value) is { Rank: 4 } shape && shape[1].IsKnown;

    private void Visit(Node node)
    {
        switch (node)
        {
            case var _ when node.Is("Conv") && ConvWeights.IsConstantConv(node) && node.GetInt("group", 1) == 1
                && node.Outputs.Count == 1:
                _fromConvs.Add(node.Output);
                return;
            case { IsStandard: true, OpType: var op } when node.Outputs.Count == 1 && IsFeature(node.Input(0))
                    && (
                        KeepsFinite(node) || Pools.Contains(op) || (op == "Resize" && ScalesPixelsOnly(node))
                            || (op == "Pad" && PadsPixelsOnly(node))):
                _spaces.Join(node.Input(0)!, node.Output);
                return;
            case { IsStandard: true, OpType: "Add" or "Sub" or "Mul" or "PRelu" } when IsFeature(node.Output):
                VisitBinary(node);
                return;
            case { IsStandard: true, OpType: "DepthToSpace" } when IsFeature(node.Input(0)) && IsFeature(node.Output):
                _layouts.Add(
                    new Layout(node.Input(0)!, [node.Output], (int)node.GetInt("blocksize", 1),
                        node.GetString("mode", "DCR") == "CRD"));
                return;
            case { IsStandard: true, OpType: "Concat" } when node.GetInt("axis", 0) is 1 or -3 && node.Inputs.All(IsFeature):
                _layouts.Add(new Layout(node.Output, [.. node.Inputs.OfType<Value>()]));
                return;
            case { IsStandard: true, OpType: "Split" } when node.GetInt("axis", 0) is 1 or -3 && IsFeature(node.Input(0))
                    && node.Input(1).ConstantInts() is not null && node.Outputs.All(IsFeature):
                _layouts.Add(new Layout(node.Input(0)!, [.. node.Outputs.OfType<Value>()]));
                return;
            default:
                foreach (var value in node.Inputs.Concat(node.Outputs).OfType<Value>())
                    _closed.Add(value);
                return;
        }
    }

    private void VisitBinary(Node node)
    {
        var channels = Channels(node.Output);
        foreach (var input in node.Inputs.OfType<Value>())
        {
            if (input.Constant() is { } data)
            {
                if (data.Count != 1 && ChannelAxis(data, channels) is null)
                    _closed.Add(node.Output);
            }
            else if (IsFeature(input) && Channels(input) == channels)
            {
                _spaces.Join(input, node.Output);
            }
            else
            {
                _closed.Add(node.Output);
                _closed.Add(input);
            }
        }
    }

    /// <summary>
    /// The axis of a constant along which the channels of an (N,C,H,W) value run, where it holds one number for each.
    /// </summary>
    public static int? ChannelAxis(TensorData data, long channels) =>
        data.Dims.Count >= 3 && data.Count == channels && data.Dims[^3] == channels ? data.Dims.Count - 3 : null;

    private static bool ScalesPixelsOnly(Node resize) =>
        resize.Input(1) is null && resize.Input(3) is null && resize.Input(2).ConstantDoubles() is [1, 1, _, _];

    private static bool PadsPixelsOnly(Node pad) =>
        pad.Input(3) is null && pad.Input(1).ConstantInts() is { Length: 8 } pads && pads[0] == 0 && pads[1] == 0 && pads[4] == 0
            && pads[5] == 0;

    // A space whose channels are those of others (behind Concat, in front of Split or DepthToSpace) has no choice of its own, and
    // one that can't change binds them too.
    private void CloseForGood()
    {
        var closed = _closed.Select(_spaces.Root).ToHashSet();
        foreach (var layout in _layouts)
        {
            var space = _spaces.Root(layout.Whole);
            if (!_definitions.TryAdd(space, layout) && !Same(_definitions[space], layout))
                closed.Add(space);
        }

        closed.UnionWith(_layouts.Where(l => l.Whole.Producer is { OpType: "Concat" }).Select(l => _spaces.Root(l.Whole))
            .Where(space => _fromConvs.Any(v => _spaces.Root(v) == space)));
        while (_layouts.Where(l => closed.Contains(_spaces.Root(l.Whole))).SelectMany(l => l.Parts).Select(_spaces.Root)
            .Count(closed.Add) > 0)
        {
        }

        _closed.Clear();
        _closed.UnionWith(closed);
    }

    private bool Same(Layout a, Layout b) =>
        a.Block == b.Block && a.ChannelFirst == b.ChannelFirst
            && a.Parts.Select(_spaces.Root).SequenceEqual(b.Parts.Select(_spaces.Root));

    private int[] Of(Value space)
    {
        if (_places.TryGetValue(space, out var known))
            return known;
        var count = (int)Channels(space);
        var identity = Enumerable.Range(0, count);
        if (_closed.Contains(space))
            return _places[space] = [.. identity];
        if (!_definitions.TryGetValue(space, out var layout))
            return _places[space] = [.. identity, .. Enumerable.Repeat(-1, (int)_width(count) - count)];
        return _places[space] = layout.Block > 1 ? Shuffled(layout, Of(_spaces.Root(layout.Parts[0]))) : Joined(layout);
    }

    private int[] Joined(Layout layout)
    {
        var first = 0;
        var places = new List<int>();
        foreach (var part in layout.Parts)
        {
            places.AddRange(Of(_spaces.Root(part)).Select(place => place < 0 ? -1 : place + first));
            first += (int)Channels(part);
        }

        return [.. places];
    }

    private int[] Shuffled(Layout layout, int[] places)
    {
        var pixels = Enumerable.Range(0, layout.Block * layout.Block);
        var depth = (int)Channels(layout.Parts[0]);
        return layout.ChannelFirst
            ? [.. places
            .SelectMany(place => pixels.Select(pixel => place < 0 ? -1 : place * layout.Block * layout.Block + pixel))]
            : [.. pixels.SelectMany(pixel => places.Select(place => place < 0 ? -1 : pixel * depth + place))];
    }

    /// <summary>A value whose channels are those of others: one behind the other, or block × block of each.</summary>
    private sealed record Layout(Value Whole, Value[] Parts, int Block = 1, bool ChannelFirst = false);
}
