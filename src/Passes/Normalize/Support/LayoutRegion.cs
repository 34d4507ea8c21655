using MsSrConvert.GraphIR;
using MsSrConvert.GraphIR.Editing;

namespace MsSrConvert.Passes.Normalize.Support;

/// <summary>
/// Connected (N,H,W,C) values and the nodes between them that can change their layout together, with the Transposes around.
/// </summary>
internal sealed class LayoutRegion
{
    private readonly HashSet<Value> _values;
    private readonly HashSet<Node> _nodes;
    private readonly LayoutMoves _moves;
    private readonly Emitter _emit;

    public LayoutRegion(IEnumerable<Value> values, IEnumerable<Node> nodes, LayoutMoves moves, Emitter emit)
    {
        _values = [.. values];
        _nodes = [.. nodes];
        _moves = moves;
        _emit = emit;
    }

    private IEnumerable<Value> Entries => _values.Where(v => v.Producer is not { } producer || !_nodes.Contains(producer));

    /// <summary>
    /// True where the change removes Transposes and adds no more than it removes: what is left then stands at the graph's ends.
    /// </summary>
    public bool IsWorthwhile()
    {
        var (removed, added) = (0, 0);
        foreach (var value in _values)
        {
            var outside = Outside(value).ToArray();
            var others = value.IsGraphOutput || outside.Any(n => !Layout.IsToNchw(n) && !IsPlainShape(n));
            if (value.Producer is { } producer && _nodes.Contains(producer))
            {
                removed += outside.Count(Layout.IsToNchw);
                added += others ? 1 : 0;
            }
            else if (Layout.IsToNhwc(value.Producer))
            {
                removed += others ? 0 : 1;
            }
            else
            {
                added += outside.Any(Layout.IsToNchw) ? 0 : 1;
            }
        }

        // A matrix product becomes a conv, which is only better where features come back as (N,C,H,W).
        return removed > 0 && (_nodes.Any(n => n.Is("MatMul")) ? removed > added : removed >= added);
    }

    /// <summary>Changes the layout of the region. Node order is left to the caller.</summary>
    public void Convert()
    {
        foreach (var entry in Entries.ToArray())
            Enter(entry);
        foreach (var node in _nodes)
        {
            _moves.Move(node);
            foreach (var output in node.Outputs.OfType<Value>().Where(_values.Contains).ToArray())
                Leave(node, output);
        }
    }

    private static bool IsPlainShape(Node node) => node.Is("Shape") && node.Attributes.Count == 0;

    private IEnumerable<Node> Outside(Value value) => value.Uses.Select(u => u.Node).Where(n => !_nodes.Contains(n));

    private void Enter(Value entry)
    {
        var graph = _nodes.First().Graph!;
        Value inner;
        if (Layout.IsToNhwc(entry.Producer))
        {
            inner = entry.Producer!.Input(0)!;
            foreach (var shape in Outside(entry).Where(IsPlainShape).ToArray())
                ReadShapeOf(shape, inner);
        }
        else if (Outside(entry).FirstOrDefault(Layout.IsToNchw) is { } existing && existing.Graph == graph)
        {
            inner = existing.Output;
        }
        else
        {
            var first = entry.Uses.First(u => _nodes.Contains(u.Node)).Node;
            inner = graph.Add(_emit.Make(first, "Transpose", "to_nchw", entry).With("perm", Layout.ToNchw), first).Output;
        }

        foreach (var use in entry.Uses.Where(u => _nodes.Contains(u.Node)).ToArray())
            use.Node.SetInput(use.Index, inner);
        if (Layout.IsToNhwc(entry.Producer))
            GraphEdits.RemoveIfUnused(entry.Producer);
    }

    // The value itself changes its layout; whoever outside wants the old one reads it from a Transpose.
    private void Leave(Node node, Value output)
    {
        var outside = Outside(output).Distinct().ToArray();
        var backs = outside.Where(Layout.IsToNchw).ToArray();
        var shapes = outside.Where(IsPlainShape).ToArray();
        var others = outside.Except(backs).Except(shapes).ToArray();
        foreach (var back in backs)
        {
            back.OpType = "Identity";
            back.Attributes.Clear();
        }

        foreach (var shape in shapes)
            ReadShapeOf(shape, output);
        if (output.IsGraphOutput)
        {
            var back = _emit.Make(node, "Transpose", "nchw", output).With("perm", Layout.ToNhwc);
            GraphEdits.InsertBehind(node, output, back);
            foreach (var use in output.Uses.Where(u => !others.Contains(u.Node)).ToArray())
                use.Node.SetInput(use.Index, back.Input(0));
            output = back.Input(0)!;
        }
        else if (others.Length > 0)
        {
            var back = node.Graph!.Add(_emit.Make(node, "Transpose", "to_nhwc", output).With("perm", Layout.ToNhwc));
            foreach (var use in output.Uses.Where(u => others.Contains(u.Node)).ToArray())
                use.Node.SetInput(use.Index, back.Output);
        }

        if (output.Tensor is { Shape: { Rank: 4 } shape4 } type)
            output.Type = type with { Shape = new Shape(Layout.Reorder(shape4)), DimDenotations = null };
    }

    private void ReadShapeOf(Node shape, Value value)
    {
        shape.SetInput(0, value);
        var pick = _emit.Make(shape, "Gather", "nhwc", shape.Output, _emit.Ints(shape, "order", Layout.ToNhwc));
        GraphEdits.InsertBehind(shape, shape.Output, pick);
    }
}
