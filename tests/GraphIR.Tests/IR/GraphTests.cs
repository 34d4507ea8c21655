using MsSrConvert.GraphIR.Verify;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.IR;

public sealed class GraphTests
{
    private readonly Graph _graph = new("g");
    private readonly Value _x;

    public GraphTests() => _x = _graph.AddInput(new Value("x"));

    private void AssertSound() => Assert.Empty(GraphVerifier.Check(new Model(_graph) { OpsetImports = { [""] = 17 } }));

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

        first.Output.ReplaceAllUsesWith(replacement, replaceGraphOutputs: true);

        Assert.True(first.Output.IsUnused);
        Assert.Equal([replacement, replacement], second.Inputs);
        Assert.Equal([replacement], _graph.Outputs);
        Assert.True(replacement.IsGraphOutput);
    }

    [Fact]
    public void A_graph_output_is_not_replaced_unless_that_is_asked_for()
    {
        var node = Add("Neg", "a", _x);
        var reader = Add("Abs", "b", node.Output);
        _graph.AddOutput(node.Output);

        var refused = Assert.Throws<InvalidOperationException>(() => node.Output.ReplaceAllUsesWith(_x));

        Assert.Equal("'a' is an output of graph 'g', which would get another name.", refused.Message);
        Assert.Equal([new Use(reader, 0)], node.Output.Uses);
        Assert.Equal([node.Output], _graph.Outputs);
    }

    [Fact]
    public void A_graph_input_and_an_initializer_are_replaced_among_the_outputs_too()
    {
        var w = _graph.AddInitializer("w", TensorData.Of([1f], 1));
        var node = Add("Neg", "a", _x);
        _graph.AddOutput(_x);
        _graph.AddOutput(w);

        _x.ReplaceAllUsesWith(node.Output, replaceGraphOutputs: true);
        w.ReplaceAllUsesWith(node.Output, replaceGraphOutputs: true);

        Assert.Equal([node.Output, node.Output], _graph.Outputs);
        Assert.Equal((0, 0, 2), (_x.GraphOutputUses, w.GraphOutputUses, node.Output.GraphOutputUses));
        Assert.Same(node.Output, node.Input(0));
    }

    [Fact]
    public void A_removed_node_can_be_added_again()
    {
        var node = Add("Neg", "a", _x);
        var reader = Add("Abs", "b", _x);
        _graph.Remove(node);

        _graph.Add(node, before: reader);

        Assert.Same(node, node.Output.Producer);
        Assert.Equal([node, reader], _graph.Nodes);
        AssertSound();
    }

    [Fact]
    public void A_removed_node_is_not_added_again_when_another_computes_its_output()
    {
        var node = Add("Neg", "a", _x);
        _graph.Remove(node);
        var other = _graph.Add(new Node("Abs", [_x], [node.Output], "other"));

        Assert.Contains("Abs 'other'", Assert.Throws<InvalidOperationException>(() => _graph.Add(node)).Message);
        Assert.Equal([other], _graph.Nodes);
        Assert.Equal([new Use(other, 0)], _x.Uses);
        AssertSound();
    }

    [Fact]
    public void A_node_that_is_moved_takes_the_reads_of_its_subgraphs_along()
    {
        var a = Add("Neg", "a", _x);
        var inner = new Graph("inner");
        var innermost = new Graph("innermost");
        var deep = innermost.Add(new Node("Abs", [a.Output], [new Value("d")]));
        innermost.AddOutput(deep.Output);
        inner.AddOutput(
            inner.Add(new Node("If", [_x], [new Value("i")]).With("then_branch", new GraphAttribute(innermost))).Output);
        var branch = _graph.Add(new Node("If", [_x], [new Value("y")]).With("then_branch", new GraphAttribute(inner)));

        _graph.Remove(branch);
        Assert.True(a.Output.IsUnused);
        _graph.Add(branch);

        Assert.Equal([new Use(deep, 0)], a.Output.Uses);
        Assert.Same(innermost, deep.Graph);
        AssertSound();
    }

    [Fact]
    public void A_subgraph_can_be_edited_while_its_node_stands_in_no_graph()
    {
        var a = Add("Neg", "a", _x);
        var inner = new Graph("inner");
        var reader = inner.Add(new Node("Abs", [a.Output], [new Value("b")]));
        inner.AddOutput(reader.Output);
        var branch = _graph.Add(new Node("If", [_x], [new Value("y")]).With("then_branch", new GraphAttribute(inner)));
        _graph.Remove(branch);

        reader.SetInput(0, _x);
        _graph.Add(branch);

        Assert.True(a.Output.IsUnused);
        AssertSound();
    }

    [Fact]
    public void New_content_of_another_type_gives_an_initializer_that_type()
    {
        var w = _graph.AddInitializer("w", TensorData.Of([1f], 1));

        _graph.SetInitializer(w, TensorData.Of([1L, 2L], 2));

        Assert.Equal(new TensorType(ElementType.Int64, Shape.Known(2)), w.Type);
        AssertSound();
    }

    [Fact]
    public void Only_an_initializer_gets_new_content()
    {
        Assert.Throws<InvalidOperationException>(() => _graph.SetInitializer(_x, TensorData.Of([1f], 1)));
        Assert.Null(_x.Initializer);
    }

    [Fact]
    public void What_a_node_computes_is_no_input_and_no_initializer()
    {
        var y = Add("Neg", "y", _x).Output;

        Assert.Throws<InvalidOperationException>(() => _graph.AddInput(y));
        Assert.Throws<InvalidOperationException>(() => _graph.AddInitializer(y, TensorData.Of([1f], 1)));
        Assert.Equal((false, 1), (y.IsGraphInput, _graph.Inputs.Count));
        AssertSound();
    }

    [Fact]
    public void New_content_that_a_declared_type_leaves_room_for_keeps_it()
    {
        var declared = new TensorType(ElementType.Float, new Shape(Dim.Of("n")));
        var w = _graph.AddInitializer(new Value("w", declared), TensorData.Of([1f], 1));

        _graph.SetInitializer(w, TensorData.Of([1f, 2f], 2));

        Assert.Same(declared, w.Type);
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
    public void A_node_of_another_graph_is_not_removed()
    {
        var node = new Graph("other").Add(new Node("Neg", [_x], [new Value("a")]));

        Assert.Throws<InvalidOperationException>(() => _graph.Remove(node));
        Assert.Same(node, node.Output.Producer);
    }

    [Fact]
    public void A_node_has_the_one_behind_it()
    {
        var (first, last) = (Add("Neg", "a", _x), Add("Abs", "b", _x));

        Assert.Same(last, _graph.NodeAfter(first));
        Assert.Null(_graph.NodeAfter(last));
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
