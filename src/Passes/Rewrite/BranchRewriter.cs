using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Shapes;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>
/// What a rule needs to write a node branch by branch: the branches of a value, new nodes named after the source node, the two
/// resamplers, and constants shared out with the channels. New nodes go to the end of the graph; the pass sorts when it is done.
/// </summary>
internal sealed class BranchRewriter
{
    private readonly Graph _graph;
    private readonly ConversionPlan _plan;
    private readonly NameScope _names;
    private readonly Emitter _emit;
    private readonly Dictionary<(Value, BranchLayout, int), Value> _shares = [];
    private readonly Dictionary<(Node, Value), Value> _padded = [];

    public BranchRewriter(Model model, ConversionPlan plan)
    {
        _graph = model.Graph;
        _plan = plan;
        _names = NameScope.OfGraph(_graph);
        _emit = new Emitter(_names);
        model.OpsetImports[BranchCasts.Domain] = 1;
    }

    /// <summary>Shapes of the source's values for inputs of the needed multiple.</summary>
    public ShapeMap Shapes => _plan.InputSizes.Shapes;

    /// <summary>Shapes of the source's values for inputs of any size.</summary>
    public ShapeMap SourceShapes => _plan.InputSizes.Source;

    /// <summary>True when the value is shared out over branches.</summary>
    public bool IsBranched(Value? value) => _plan.IsBranched(value);

    /// <summary>The layout of a branched value.</summary>
    public BranchLayout Layout(Value value) => _plan.Layouts[value];

    /// <summary>The branches of a branched value, finest first.</summary>
    public Value[] Branches(Value whole) => BranchCasts.BranchesOf(_graph, whole, _plan.Branches, _names);

    /// <summary>Makes these branches stand for the value.</summary>
    public void Join(Value whole, IReadOnlyList<Value> branches) => BranchCasts.Join(_graph, whole, branches);

    /// <summary>Lets a value of the source be computed by the node that was emitted for it; its readers don't notice.</summary>
    public static void Replace(Value old, Value emitted)
    {
        var (node, index) = (emitted.Producer!, emitted.OutputIndex);
        old.Producer?.SetOutput(old.OutputIndex, null);
        node.SetOutput(index, old);
    }

    /// <summary>A full value at the enlarged size that branches need; one node however many readers ask.</summary>
    public Value Enlarged(Value full)
    {
        if (!IsResized(full, 0))
            return full;
        if (full.Uses.Select(use => use.Node).FirstOrDefault(SizeCasts.IsEnlarge) is { } existing)
            return existing.Output;
        var enlarged = new Value(_names.Unique($"mssr/{full.Name}/padded"));
        _graph.Add(SizeCasts.Enlarge(full, enlarged, full, 0, _names.Unique(PartName.Of($"mssr/{full.Name}", "pad"))));
        return enlarged;
    }

    /// <summary>
    /// A map made of a branch that was cut back, brought to the size that branches have: <paramref name="factors"/> times that of a branch
    /// of the value, or just that.
    /// </summary>
    public Value Enlarged(Node source, Value whole, int branch, Value x, IReadOnlyList<SizeFactor>? factors = null) => IsResized(whole, branch)
        ? Sized(source, PartKind.Pad.On(branch), (output, name) => SizeCasts.Enlarge(x, output, whole, branch, name).Times(factors ?? [SizeFactor.One, SizeFactor.One]))
        : x;

    /// <summary>
    /// A branch of a value with the pixels that only enlarge it cut off: exactly the source's in the finest branch; in coarser ones also
    /// the pixel that half belongs to it.
    /// </summary>
    public Value CutBack(Node source, Value whole, int branch, Value x) => IsResized(whole, branch)
        ? Sized(source, PartKind.Crop.On(branch), (output, name) => SizeCasts.CutBack(x, output, whole, branch, name))
        : x;

    /// <summary>The shape N, <paramref name="width"/>, height, width of a branch of a value times factors, as int64[4] computed in the graph.</summary>
    public Value SizeOf(Node source, string suffix, Value whole, int branch, long width, bool enlarged, IReadOnlyList<SizeFactor>? factors = null) =>
        Sized(source, suffix, (output, name) => SizeCasts.SizeOf(output, whole, branch, width, enlarged, name).Times(factors ?? [SizeFactor.One, SizeFactor.One]));

    /// <summary>Lets a full value of the source be computed by the node that was emitted for it at the enlarged size.</summary>
    public void ReplaceByCut(Value old, Value emitted)
    {
        if (!IsResized(old, 0))
        {
            Replace(old, emitted);
            return;
        }

        old.Producer?.SetOutput(old.OutputIndex, null);
        _graph.Add(SizeCasts.CutBack(emitted, old, old, 0, _names.Unique(PartName.Of($"mssr/{old.Name}", "crop"))));
    }

    private bool IsResized(Value value, int halvings) => !_plan.Options.AssumeMultiple && new[] { 2, 3 }.Any(axis =>
        _plan.InputSizes.SideOf(value, axis, halvings) is var side && side.Own != side.Enlarged);

    private Value Sized(Node source, string suffix, Func<Value, string, Node> make)
    {
        var name = _names.Unique(PartName.Of(source.Name, suffix));
        var output = new Value(_names.Unique($"{name}_out"));
        _graph.Add(make(output, name));
        return output;
    }

    /// <summary>Adds a node named <c>source/suffix</c> and gives its output.</summary>
    public Value Emit(Node source, string suffix, string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null) =>
        Emit(source, suffix, opType, inputs, 1, configure)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public Value[] Emit(Node source, string suffix, string opType, IEnumerable<Value?> inputs, int outputs, Action<Node>? configure = null)
    {
        var node = _emit.Append(_graph, PartName.Of(source.Name, suffix), opType, inputs, outputs);
        configure?.Invoke(node);
        return [.. node.Outputs.OfType<Value>()];
    }

    /// <summary>Repeats a node for every branch with other inputs.</summary>
    public Value[] PerBranch(Node source, int branches, Func<int, IEnumerable<Value?>> inputs) =>
        [.. Enumerable.Range(0, branches).Select(b => EmitLike(source, PartKind.Branch.On(b), inputs(b)))];

    /// <summary>Repeats a node for every branch of a value.</summary>
    public Value[] PerBranch(Node source, Value[] branches, Func<int, Value, IEnumerable<Value?>> inputs) =>
        PerBranch(source, branches.Length, branch => inputs(branch, branches[branch]));

    /// <summary>Adds a node like the source's that reads other values, and gives its output.</summary>
    public Value EmitLike(Node source, string suffix, IEnumerable<Value?> inputs, Action<Node>? configure = null) =>
        Emit(source, suffix, source.OpType, inputs, node =>
        {
            node.WithAttributesOf(source);
            configure?.Invoke(node);
        });

    /// <summary>
    /// The value with the margin that belongs to the conv; one node however many kernels read it. Where the source mirrors its border, a
    /// coarser map repeats its own: a pixel there stands for the two that would be mirrored, and a map of a single pixel has nothing to mirror.
    /// </summary>
    /// <param name="site">The conv and its margin.</param>
    /// <param name="x">The map.</param>
    /// <param name="scale">The branch whose height and width the map has.</param>
    public Value Padded(ConvSite site, Value x, int scale)
    {
        if (site.Pad is not { } pad)
            return x;
        if (_padded.TryGetValue((pad, x), out var padded))
            return padded;
        return _padded[(pad, x)] = EmitLike(pad, "branch", [x, .. pad.Inputs.Skip(1)], node =>
        {
            if (scale > 0 && node.GetString("mode", "constant") == "reflect")
                node.With("mode", "edge");
        });
    }

    /// <summary>The value halved in height and width by averaging; one node however many readers ask.</summary>
    public Value Down(Node source, Value x)
    {
        if (x.Uses.Select(use => use.Node).FirstOrDefault(Resampling.IsDown) is { } existing)
            return existing.Output;
        var down = new Value(_names.Unique($"{x.Name}/down"));
        var node = Resampling.Down(x, down, _names.Unique(PartName.Of(source.Name, LayerPart.Down)));
        _graph.Add(node);
        return down;
    }

    /// <summary>The value doubled in height and width by repeating pixels.</summary>
    public Value Up(Node source, string suffix, Value x)
    {
        var name = _names.Unique(PartName.Of(source.Name, suffix));
        var up = new Value(_names.Unique($"{name}_out"));
        _graph.Add(Resampling.Up(x, Resampling.Factors(_graph), up, name));
        return up;
    }

    /// <summary>A full value at the scale of every branch: enlarged, that halved, halved twice …</summary>
    public Value[] Pyramid(Node source, Value value)
    {
        var scales = new Value[_plan.Branches];
        scales[0] = Enlarged(value);
        for (var i = 1; i < scales.Length; i++)
            scales[i] = Down(source, scales[i - 1]);
        return scales;
    }

    /// <summary>Takes consecutive runs of channels apart.</summary>
    public Value[] SplitChannels(Node source, Value x, IReadOnlyList<long> widths, string suffix) =>
        Emit(source, suffix, "Split", [x, Integers(source, "widths", widths)], widths.Count, node => node.With("axis", 1));

    /// <summary>Shares a pooled N,C,1,1 vector in source order out to the branches.</summary>
    public Value[] SplitPooled(Node source, Value vector, BranchLayout layout)
    {
        if (layout.IsContiguous)
            return SplitChannels(source, vector, [.. Enumerable.Repeat((long)layout.Width, layout.Branches)], "gates");
        return [.. Enumerable.Range(0, layout.Branches).Select(b => Select(source, vector, layout.Copied(b).Select(c => (long)c), PartKind.Gate.On(b)))];
    }

    /// <summary>Puts the branches' pooled vectors together in source order.</summary>
    public Value JoinPooled(Node source, IReadOnlyList<Value> vectors, BranchLayout layout)
    {
        var all = Emit(source, "pooled", "Concat", vectors, node => node.With("axis", 1));
        if (layout.IsContiguous)
            return all;
        var places = layout.Concatenated;
        var order = Enumerable.Range(0, places.Max() + 1).Select(channel => (long)Array.IndexOf(places, channel));
        return Select(source, all, order, "ordered");
    }

    /// <summary>Picks channels of a value in the given order.</summary>
    public Value Select(Node source, Value x, IEnumerable<long> channels, string suffix) =>
        Emit(source, suffix, "Gather", [x, Integers(source, $"{suffix}_channels", [.. channels])], node => node.With("axis", 1));

    /// <summary>
    /// A branch's share of a constant that runs over the channels; a constant of one element is shared by all. Readers of the same
    /// constant under the same layout get the same share, so that ties stay.
    /// </summary>
    /// <param name="constant">An initializer that broadcasts against N,C,H,W, or runs over axis <paramref name="axis"/>.</param>
    /// <param name="layout">The layout of the feature value it belongs to.</param>
    /// <param name="branch">The branch, from 0.</param>
    /// <param name="axis">The channel axis; by default the third from the end.</param>
    public Value ChannelConstant(Value constant, BranchLayout layout, int branch, int? axis = null)
    {
        var data = constant.Initializer!;
        if (data.Count == 1 && axis is null)
            return constant;
        return _shares.TryGetValue((constant, layout, branch), out var share)
            ? share
            : _shares[(constant, layout, branch)] = Weight(
                $"{constant.Name}/branch{branch + 1}", ChannelSlices.Take(data, axis ?? data.Dims.Count - 3, layout.Copied(branch)));
    }

    /// <summary>A constant list of integers.</summary>
    public Value Integers(Node source, string suffix, IReadOnlyList<long> values) =>
        Weight($"{source.Name}/{suffix}", TensorData.Of([.. values], values.Count));

    /// <summary>A constant list of floats.</summary>
    public Value Floats(Node source, string suffix, IReadOnlyList<float> values) => Weight(
        $"{source.Name}/{suffix}", TensorData.OfFloating(Shapes.TypeOf(source.Output)?.Element ?? ElementType.Float, [.. values], values.Count));

    /// <summary>Adds a weight as an initializer.</summary>
    public Value Weight(string name, TensorData data) => _emit.Initializer(_graph, name, data);

    /// <summary>Puts the new nodes in their place and drops the ones they replace.</summary>
    public void Finish(IEnumerable<Node> replaced)
    {
        foreach (var node in replaced.Reverse())
            _graph.Remove(node);
        _graph.SortTopologically();
    }
}
