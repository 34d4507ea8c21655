using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Sizes;

namespace MsSrConvert.Passes.Rewrite;

/// <summary>Writes branches into a graph. New nodes go to the end of the graph; the pass sorts when it is done.</summary>
internal sealed class BranchRewriter : IBranchWriter
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

    /// <inheritdoc/>
    public Shape? ShapeOf(Value value) => _plan.InputSizes.Shapes.ShapeOf(_plan.Values[value.Name]);

    /// <inheritdoc/>
    public PixelRelation RelationOf(Node node) => PixelRelations.Of(_plan.NodeOf(node), _plan.InputSizes.Source);

    /// <inheritdoc/>
    public IReadOnlyList<SizeFactor>? FactorsOf(Node resize) =>
        PixelRelations.ResizeFactors(_plan.NodeOf(resize), _plan.InputSizes.Source);

    /// <inheritdoc/>
    public bool IsBranched(Value? value) => _plan.IsBranched(value);

    /// <inheritdoc/>
    public BranchLayout Layout(Value value) => _plan.Layouts[value.Name];

    /// <inheritdoc/>
    public Value[] Branches(Value whole) => BranchCasts.BranchesOf(_graph, whole, _plan.Branches, _names);

    /// <inheritdoc/>
    public void Join(Value whole, IReadOnlyList<Value> branches) => BranchCasts.Join(_graph, whole, branches);

    /// <inheritdoc/>
    public void Replace(Value old, Value emitted)
    {
        var (node, index) = (emitted.Producer!, emitted.OutputIndex);
        old.Producer?.SetOutput(old.OutputIndex, null);
        node.SetOutput(index, old);
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Value Enlarged(Node source, Value whole, int branch, Value x, IReadOnlyList<SizeFactor>? factors = null) =>
        IsResized(whole, branch)
        ? Sized(source, PartKind.Pad.On(branch),
            (output, name) => SizeCasts.Enlarge(x, output, whole, branch, name).Times(factors))
        : x;

    /// <inheritdoc/>
    public Value CutBack(Node source, Value whole, int branch, Value x) => IsResized(whole, branch)
        ? Sized(source, PartKind.Crop.On(branch), (output, name) => SizeCasts.CutBack(x, output, whole, branch, name))
        : x;

    /// <inheritdoc/>
    public Value SizeOf(Node source, string suffix, Value whole, int branch, long width, bool enlarged,
        IReadOnlyList<SizeFactor>? factors = null) =>
        Sized(source, suffix, (output, name) => SizeCasts.SizeOf(output, whole, branch, width, enlarged, name).Times(factors));

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
        _plan.InputSizes.SideOf(_plan.Values[value.Name], axis, halvings) is var side && side.Own != side.Enlarged);

    private Value Sized(Node source, string suffix, Func<Value, string, Node> make)
    {
        var name = _names.Unique(PartName.Of(source.Name, suffix));
        var output = new Value(_names.Unique($"{name}_out"));
        _graph.Add(make(output, name));
        return output;
    }

    /// <inheritdoc/>
    public Value Emit(Node source, string suffix, string opType, IEnumerable<Value?> inputs, Action<Node>? configure = null) =>
        Emit(source, suffix, opType, inputs, 1, configure)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public Value[] Emit(Node source, string suffix, string opType, IEnumerable<Value?> inputs, int outputs,
        Action<Node>? configure = null)
    {
        var node = _emit.Append(_graph, PartName.Of(source.Name, suffix), opType, inputs, outputs);
        configure?.Invoke(node);
        return [.. node.Outputs.OfType<Value>()];
    }

    /// <inheritdoc/>
    public Value EmitLike(Node source, string suffix, IEnumerable<Value?> inputs, Action<Node>? configure = null) =>
        Emit(source, suffix, source.OpType, inputs, node =>
        {
            node.WithAttributesOf(source);
            configure?.Invoke(node);
        });

    /// <inheritdoc/>
    public Value[] PerBranch(Node source, int branches, Func<int, IEnumerable<Value?>> inputs) =>
        [.. Enumerable.Range(0, branches).Select(b => EmitLike(source, PartKind.Branch.On(b), inputs(b)))];

    /// <inheritdoc/>
    public Value[] PerBranch(Node source, Value[] branches, Func<int, Value, IEnumerable<Value?>> inputs) =>
        PerBranch(source, branches.Length, branch => inputs(branch, branches[branch]));

    /// <summary>
    /// The value with the margin that belongs to the conv; one node however many kernels read it. Where the source mirrors its
    /// border, a coarser map repeats its own: a pixel there stands for the two that would be mirrored, and a map of a single
    /// pixel has nothing to mirror.
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

    /// <inheritdoc/>
    public Value[] Halved(Node source, Value[] groups)
    {
        for (var i = 1; i < groups.Length; i++)
        {
            for (var step = 0; step < i; step++)
                groups[i] = Down(source, groups[i]);
        }

        return groups;
    }

    /// <inheritdoc/>
    public Value[] Pyramid(Node source, Value value)
    {
        var scales = new Value[_plan.Branches];
        scales[0] = Enlarged(value);
        for (var i = 1; i < scales.Length; i++)
            scales[i] = Down(source, scales[i - 1]);
        return scales;
    }

    /// <inheritdoc/>
    public Value[] SplitChannels(Node source, Value x, IReadOnlyList<long> widths, string suffix) =>
        Emit(source, suffix, "Split", [x, Integers(source, "widths", widths)], widths.Count, node => node.With("axis", 1));

    /// <inheritdoc/>
    public Value[] SplitPooled(Node source, Value vector, BranchLayout layout)
    {
        if (layout.IsContiguous)
            return SplitChannels(source, vector, [.. Enumerable.Repeat((long)layout.Width, layout.Branches)], "gates");
        return [.. Enumerable.Range(0,
            layout.Branches).Select(b => Select(source, vector, layout.Copied(b).Select(c => (long)c), PartKind.Gate.On(b)))];
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Value ChannelConstant(Value constant, BranchLayout layout, int branch, int? axis = null)
    {
        var data = constant.Initializer!;
        if (data.Count == 1 && axis is null)
            return constant;
        return _shares.TryGetValue((constant, layout, branch), out var share)
            ? share
            : _shares[(constant, layout, branch)] = Weight(
                $"{constant.Name}/{PartKind.Branch.On(branch)}",
                ChannelSlices.Take(data, axis ?? data.Dims.Count - 3, layout.Copied(branch)));
    }

    /// <inheritdoc/>
    public Value Integers(Node source, string suffix, IReadOnlyList<long> values) =>
        Weight($"{source.Name}/{suffix}", TensorData.Of([.. values], values.Count));

    /// <inheritdoc/>
    public Value Floats(Node source, string suffix, IReadOnlyList<float> values) => Weight(
        $"{source.Name}/{suffix}",
        TensorData.OfFloating(_plan.InputSizes.Shapes.TypeOf(_plan.Values[source.Output.Name])?.Element ?? ElementType.Float,
            [.. values], values.Count));

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
