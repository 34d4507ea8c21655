using MsSrConvert.GraphIR.Verify;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.Verify;

/// <summary>One test per invariant of docs/ir.md, each breaking a sound model in one place.</summary>
public sealed class GraphVerifierTests
{
    private readonly Graph _graph = new("main");
    private readonly Model _model;
    private readonly Value _x;
    private readonly Value _w;
    private readonly Node _conv;
    private readonly Node _relu;

    public GraphVerifierTests()
    {
        _model = new Model(_graph) { OpsetImports = { [""] = 13 } };
        _x = _graph.AddInput(new Value("x", new TensorType(ElementType.Float, Shape.Known(1, 1, 4, 4))));
        _w = _graph.AddInitializer("w", TensorData.Of([1f, 2f, 3f, 4f], 1, 1, 2, 2));
        _conv = _graph.Add(new Node("Conv", [_x, _w], [new Value("c")], "conv"));
        _relu = _graph.Add(new Node("Relu", [_conv.Output], [new Value("y")], "relu"));
        _graph.AddOutput(_relu.Output);
    }

    [Fact]
    public void A_sound_model_has_no_violations() => Assert.Empty(GraphVerifier.Check(_model));

    [Fact]
    public void IR01_a_node_points_to_the_graph_that_lists_it()
    {
        _relu.Detach();
        _relu.Output.Producer = _relu;
        _conv.Output.AddUse(new Use(_relu, 0));

        AssertViolates("IR01", "Relu 'relu'", "none");
    }

    [Fact]
    public void IR02_a_read_is_among_the_uses()
    {
        _w.RemoveUse(new Use(_conv, 1));

        AssertViolates("IR02", "'w' is read as input 1 of Conv 'conv'");
    }

    [Fact]
    public void IR02_a_use_is_a_read()
    {
        _x.AddUse(new Use(_relu, 0));

        AssertViolates("IR02", "'x' lists input 0 of Relu 'relu'");
    }

    [Fact]
    public void IR02_a_use_cannot_be_listed_twice() =>
        Assert.Contains("Input 1 of Conv 'conv'",
            Assert.Throws<InvalidOperationException>(() => _w.AddUse(new Use(_conv, 1))).Message);

    [Fact]
    public void IR02_a_node_that_is_in_no_graph_is_no_use()
    {
        _w.AddUse(new Use(new Node("Neg", [_w], [new Value("n")], "loose"), 0));

        AssertViolates("IR02", "Neg 'loose'");
    }

    [Fact]
    public void IR03_an_output_points_back_to_its_node()
    {
        _conv.Output.Producer = _relu;

        AssertViolates("IR03", "'c' is output 0 of Conv 'conv'", "Relu 'relu'");
    }

    [Fact]
    public void IR03_an_output_knows_its_index()
    {
        _conv.Output.OutputIndex = 1;

        AssertViolates("IR03", "output 1");
    }

    [Fact]
    public void IR03_a_graph_input_has_no_producer()
    {
        _x.Producer = _relu;

        AssertViolates("IR03", "'x' is an input");
    }

    [Fact]
    public void IR03_a_graph_input_is_marked_as_one()
    {
        _x.IsGraphInput = false;

        AssertViolates("IR03", "isn't marked");
    }

    [Fact]
    public void IR03_an_initializer_has_no_producer()
    {
        _w.Producer = _relu;

        AssertViolates("IR03", "'w' is an initializer");
    }

    [Fact]
    public void IR04_a_value_is_computed_before_it_is_read()
    {
        _conv.SetInput(0, _relu.Output);

        AssertViolates("IR04", "Conv 'conv' reads 'y'");
    }

    [Fact]
    public void IR04_a_value_of_a_subgraph_is_not_read_outside()
    {
        var inner = new Graph("inner");
        inner.Add(new Node("Neg", [_x], [new Value("n")]));
        inner.AddOutput(inner.Nodes[0].Output);
        _graph.Add(new Node("If", [_x], [new Value("i")]).With("then_branch", new GraphAttribute(inner)));
        Assert.Empty(GraphVerifier.Check(_model));
        _graph.Add(new Node("Abs", [inner.Nodes[0].Output], [new Value("a")], "outside"));

        AssertViolates("IR04", "Abs 'outside' reads 'n'");
    }

    [Fact]
    public void IR05_names_are_unique()
    {
        _conv.Output.Name = "x";

        AssertViolates("IR05", "two values named 'x'");
    }

    [Fact]
    public void IR05_names_are_not_empty()
    {
        _conv.Output.Name = "";

        AssertViolates("IR05", "Conv 'conv'");
    }

    [Fact]
    public void IR05_a_name_in_a_subgraph_hides_no_value_read_there()
    {
        var inner = new Graph("inner");
        inner.Add(new Node("Neg", [_x], [new Value("x")], "hiding"));
        inner.AddOutput(inner.Nodes[0].Output);
        _graph.Add(new Node("If", [_x], [new Value("i")]).With("then_branch", new GraphAttribute(inner)));

        AssertViolates("IR05", "Neg 'hiding' reads 'x'");
    }

    [Fact]
    public void IR06_a_graph_output_is_a_value_of_the_graph()
    {
        _graph.AddOutput(new Value("stray"));

        AssertViolates("IR06", "'stray'");
    }

    [Fact]
    public void IR07_a_value_counts_its_places_among_the_outputs()
    {
        _relu.Output.GraphOutputUses = 2;

        AssertViolates("IR07", "Output 'y'", "is listed 1 times but counts 2");
    }

    [Fact]
    public void IR07_a_value_that_is_no_output_does_not_count_as_one()
    {
        _conv.Output.GraphOutputUses = 1;

        AssertViolates("IR07", "'c'");
    }

    [Fact]
    public void IR08_an_initializer_has_content()
    {
        _w.Initializer = null;

        AssertViolates("IR08", "'w'");
    }

    [Fact]
    public void IR08_the_bytes_of_a_tensor_fit_its_dimensions()
    {
        _w.Initializer = new TensorData(ElementType.Float, [1, 1, 2, 2], new byte[15]);

        AssertViolates("IR08", "needs 16 bytes", "has 15");
    }

    [Fact]
    public void IR08_packed_elements_share_their_bytes()
    {
        _graph.AddInitializer("fits", new TensorData(ElementType.Int4, [3], new byte[2]));
        Assert.Empty(GraphVerifier.Check(_model));
        _graph.AddInitializer("misfits", new TensorData(ElementType.Int4, [3], new byte[3]));

        AssertViolates("IR08", "'misfits'");
    }

    [Fact]
    public void IR08_holds_for_tensors_in_attributes()
    {
        _relu.With("value", new TensorAttribute(new TensorData(ElementType.Int64, [2], new byte[8])));

        AssertViolates("IR08", "attribute 'value' of Relu 'relu'");
    }

    [Fact]
    public void IR08_external_data_is_not_loaded()
    {
        var bytes = new Lazy<ReadOnlyMemory<byte>>(() => throw new InvalidOperationException("not to be read"));
        _graph.AddInitializer("far", new TensorData(ElementType.Float, [4], bytes) { Encoding = TensorEncoding.External });

        Assert.Empty(GraphVerifier.Check(_model));
    }

    [Theory]
    [InlineData(ElementType.Float16, new long[] { 1, 1, 2, 2 })]
    [InlineData(ElementType.Float, new long[] { 1, 1, 4 })]
    [InlineData(ElementType.Float, new long[] { 1, 1, 2, 3 })]
    public void IR09_the_type_of_an_initializer_agrees_with_its_data(ElementType element, long[] dims)
    {
        _w.Type = new TensorType(element, Shape.Known(dims));

        AssertViolates("IR09", "'w' is declared", "float[1, 1, 2, 2]");
    }

    [Fact]
    public void IR09_a_declared_type_may_say_less_than_the_data()
    {
        _w.Type = new TensorType(ElementType.Float, new Shape(Dim.Unknown, Dim.Of("n"), 2, 2));

        Assert.Empty(GraphVerifier.Check(_model));
    }

    [Fact]
    public void IR10_a_node_names_its_operator()
    {
        _relu.OpType = "";

        AssertViolates("IR10", "names no operator");
    }

    [Fact]
    public void IR11_the_operator_set_of_a_node_is_imported()
    {
        _relu.Domain = "com.example";

        AssertViolates("IR11", "'com.example'");
    }

    [Fact]
    public void IR11_ai_onnx_is_another_name_of_the_empty_domain()
    {
        _relu.Domain = "ai.onnx";

        Assert.Empty(GraphVerifier.Check(_model));
    }

    [Fact]
    public void IR11_a_function_of_the_model_needs_no_import()
    {
        var body = new Graph("f");
        body.AddOutput(body.Add(new Node("Neg", [body.AddInput(new Value("a"))], [new Value("b")])).Output);
        _model.Functions.Add(new Function("com.example", "Relu", body) { OpsetImports = { [""] = 13 } });
        _relu.Domain = "com.example";

        Assert.Empty(GraphVerifier.Check(_model));
    }

    [Fact]
    public void Function_bodies_are_checked_with_their_own_operator_sets()
    {
        var body = new Graph("f");
        body.AddOutput(body.Add(new Node("Neg", [body.AddInput(new Value("a"))], [new Value("b")])).Output);
        _model.Functions.Add(new Function("com.example", "F", body));

        AssertViolates("IR11", "Neg 'b'");
    }

    [Fact]
    public void Removing_a_node_removes_what_its_subgraphs_read()
    {
        var inner = new Graph("inner");
        inner.Add(new Node("Neg", [_x], [new Value("n")]));
        var node = _graph.Add(new Node("If", [_x], [new Value("i")]).With("then_branch", new GraphAttribute(inner)));
        _graph.Remove(node);

        Assert.Empty(GraphVerifier.Check(_model));
    }

    private void AssertViolates(string invariant, params string[] words)
    {
        var violations = GraphVerifier.Check(_model);

        var found = Assert.Single(violations, v => v.Invariant == invariant);
        Assert.All(words, word => Assert.Contains(word, found.Message));
    }
}
