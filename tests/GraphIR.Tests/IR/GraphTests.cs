using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class GraphTests
{
    private readonly Graph _graph = new("g");
    private readonly Value _x;

    public GraphTests() => _x = _graph.AddInput(new Value("x"));

    private Node Add(string opType, string output, params IEnumerable<Value?> inputs) =>
        _graph.Add(new Node(opType, inputs, [new Value(output)]));

    [Fact]
    public void Adding_a_node_adds_its_uses()
    {
        var node = Add("Mul", "y", _x, _x);

        Assert.Equal([new Use(node, 0), new Use(node, 1)], _x.Uses);
        Assert.Same(_graph, node.Graph);
        Assert.Same(node, node.Output.Producer);
    }

    [Fact]
    public void A_node_outside_a_graph_is_no_use()
    {
        _ = new Node("Neg", [_x], [new Value("y")]);

        Assert.Empty(_x.Uses);
    }

    [Fact]
    public void A_node_goes_in_front_of_another()
    {
        var last = Add("Neg", "a", _x);
        var first = _graph.Add(new Node("Abs", [_x], [new Value("b")]), before: last);

        Assert.Equal([first, last], _graph.Nodes);
    }

    [Fact]
    public void A_node_stands_in_one_graph_only()
    {
        var node = Add("Neg", "a", _x);

        Assert.Throws<InvalidOperationException>(() => new Graph("other").Add(node));
        Assert.Throws<InvalidOperationException>(() => _graph.Add(new Node("Abs", [], []), before: new Node("Neg", [], [])));
    }

    [Fact]
    public void A_value_has_one_producer()
    {
        var node = Add("Neg", "a", _x);

        Assert.Throws<InvalidOperationException>(() => new Node("Abs", [], [node.Output]));
    }

    [Fact]
    public void Reading_another_value_moves_the_use()
    {
        var other = _graph.AddInput(new Value("other"));
        var node = Add("Neg", "a", _x);
        node.SetInput(0, other);

        Assert.Empty(_x.Uses);
        Assert.Equal([new Use(node, 0)], other.Uses);
    }

    [Fact]
    public void Setting_an_input_past_the_end_leaves_absent_ones_between()
    {
        var node = Add("Resize", "a", _x);
        node.SetInput(3, _x);

        Assert.Equal([_x, null, null, _x], node.Inputs);
        Assert.Null(node.Input(7));
    }

    [Fact]
    public void Truncating_inputs_drops_their_uses()
    {
        var node = Add("Sum", "a", _x, _x, null);
        node.TruncateInputs(1);

        Assert.Equal([_x], node.Inputs);
        Assert.Equal([new Use(node, 0)], _x.Uses);
    }

    [Fact]
    public void Truncating_outputs_keeps_what_is_read()
    {
        var node = _graph.Add(new Node("Split", [_x], [new Value("a"), new Value("b")]));
        Add("Neg", "c", node.Outputs[1]);

        Assert.Throws<InvalidOperationException>(() => node.TruncateOutputs(1));
        _graph.Remove(_graph.Nodes[1]);
        node.TruncateOutputs(1);

        Assert.Single(node.Outputs);
    }

    [Fact]
    public void All_reads_move_to_a_replacement_with_the_graph_output()
    {
        var first = Add("Neg", "a", _x);
        var second = Add("Add", "b", first.Output, first.Output);
        _graph.AddOutput(first.Output);
        var replacement = _graph.Add(new Node("Abs", [_x], [new Value("r")]), before: second).Output;

        first.Output.ReplaceAllUsesWith(replacement);

        Assert.True(first.Output.IsUnused);
        Assert.Equal([replacement, replacement], second.Inputs);
        Assert.Equal([replacement], _graph.Outputs);
        Assert.True(replacement.IsGraphOutput);
    }

    [Fact]
    public void A_node_is_removed_when_nothing_reads_it()
    {
        var first = Add("Neg", "a", _x);
        var second = Add("Abs", "b", first.Output);

        Assert.Throws<InvalidOperationException>(() => _graph.Remove(first));
        _graph.Remove(second);
        _graph.Remove(first);

        Assert.Empty(_graph.Nodes);
        Assert.Empty(_x.Uses);
        Assert.Null(first.Output.Producer);
    }

    [Fact]
    public void An_initializer_is_removed_when_nothing_reads_it()
    {
        var w = _graph.AddInitializer("w", TensorData.Of([1f], 1));
        var node = Add("Add", "a", _x, w);

        Assert.Throws<InvalidOperationException>(() => _graph.RemoveInitializer(w));
        _graph.Remove(node);
        _graph.RemoveInitializer(w);

        Assert.Empty(_graph.Initializers);
        Assert.Null(w.Initializer);
    }

    [Fact]
    public void Values_are_inputs_then_initializers_then_outputs_of_nodes()
    {
        var both = _graph.AddInput(new Value("both"));
        _graph.AddInitializer(both, TensorData.Of([1f], 1));
        _graph.AddInitializer("w", TensorData.Of([1f], 1));
        Add("Add", "y", _x, both);

        Assert.Equal(["x", "both", "w", "y"], _graph.Values.Select(v => v.Name));
    }

    [Fact]
    public void Sorting_keeps_an_order_that_is_right()
    {
        var a = Add("Neg", "a", _x);
        Add("Abs", "b", _x);
        Add("Add", "c", a.Output, _x);
        var before = _graph.Nodes.ToArray();

        _graph.SortTopologically();

        Assert.Equal(before, _graph.Nodes);
    }

    [Fact]
    public void Sorting_moves_a_node_behind_what_it_needs()
    {
        var c = new Node("Add", [null, null], [new Value("c")]);
        _graph.Add(c);
        var a = Add("Neg", "a", _x);
        var b = Add("Abs", "b", a.Output);
        c.SetInput(0, b.Output);
        c.SetInput(1, a.Output);

        _graph.SortTopologically();

        Assert.Equal([a, b, c], _graph.Nodes);
    }

    [Fact]
    public void Sorting_sees_what_subgraphs_read()
    {
        var inner = new Graph("inner");
        var branch = _graph.Add(new Node("If", [_x], [new Value("y")]).With("then_branch", new GraphAttribute(inner)));
        var a = Add("Neg", "a", _x);
        inner.Add(new Node("Abs", [a.Output], [new Value("b")]));

        _graph.SortTopologically();

        Assert.Equal([a, branch], _graph.Nodes);
    }

    [Fact]
    public void Sorting_refuses_a_cycle()
    {
        var a = Add("Neg", "a", _x);
        var b = Add("Abs", "b", a.Output);
        a.SetInput(0, b.Output);

        Assert.Throws<InvalidOperationException>(_graph.SortTopologically);
    }

    [Fact]
    public void Sorting_a_long_chain_needs_no_deep_stack()
    {
        const int Length = 20_000;
        var nodes = Enumerable.Range(0, Length).Select(i => new Node("Neg", [null], [new Value($"v{i}")])).Reverse().ToArray();
        foreach (var node in nodes)
            _graph.Add(node);
        for (var i = 0; i + 1 < Length; i++)
            nodes[i].SetInput(0, nodes[i + 1].Output);

        _graph.SortTopologically();

        Assert.Same(nodes[^1], _graph.Nodes[0]);
        Assert.Same(nodes[0], _graph.Nodes[^1]);
    }

    [Fact]
    public void Attributes_are_read_by_kind_with_a_fallback()
    {
        var node = Add("Conv", "y", _x).With("group", 2).With("alpha", 0.5f).With("auto_pad", "VALID").With("pads", [1, 2]);

        Assert.Equal((2L, 7L), (node.GetInt("group", 1), node.GetInt("alpha", 7)));
        Assert.Equal((0.5f, 1f), (node.GetFloat("alpha", 1), node.GetFloat("beta", 1)));
        Assert.Equal(("VALID", ""), (node.GetString("auto_pad", ""), node.GetString("pads", "")));
        Assert.Equal([1L, 2L], node.GetInts("pads"));
        Assert.Null(node.GetInts("group"));
    }

    [Fact]
    public void An_operator_of_ONNX_has_the_empty_domain_or_ai_onnx()
    {
        Assert.True(new Node("Conv", [], [], domain: "ai.onnx").Is("Conv"));
        Assert.True(new Node("Conv", [], []).Is("Conv"));
        Assert.False(new Node("Conv", [], [], domain: "com.microsoft").Is("Conv"));
    }
}
