using MsSrConvert.GraphIR.Editing;
using MsSrConvert.GraphIR.Text;
using MsSrConvert.GraphIR.Verify;
using Xunit;

namespace MsSrConvert.GraphIR.Tests.Editing;

public sealed class ModelCopyTests
{
    [Fact]
    public void A_copy_holds_the_same()
    {
        var model = WithIf();

        var copy = model.Copy();

        Assert.Equal(IrPrinter.Print(model), IrPrinter.Print(copy));
        Assert.Empty(GraphVerifier.Check(copy));
    }

    [Fact]
    public void Editing_a_copy_leaves_the_model_as_it_is()
    {
        var model = WithIf();
        var before = IrPrinter.Print(model);

        var copy = model.Copy();
        copy.Graph.Nodes[^1].OpType = "Identity";
        copy.Graph.Nodes[^1].SetInput(0, copy.Graph.Inputs[0]);
        copy.SetMetadata("key", "other");

        Assert.Equal(before, IrPrinter.Print(model));
        Assert.NotEqual(before, IrPrinter.Print(copy));
    }

    [Fact]
    public void Graphs_in_attributes_read_the_copys_values()
    {
        var copy = WithIf().Copy();
        var inner = copy.Graph.Nodes.Single(n => n.Is("If")).Subgraphs.First().Nodes.Single();

        Assert.Same(copy.Graph.Inputs[0], inner.Input(0));
        Assert.Contains(copy.Graph.Inputs[0].Uses, use => use.Node == inner);
    }

    [Fact]
    public void Contents_are_shared()
    {
        var model = WithIf();

        Assert.Same(model.Graph.Initializers[0].Initializer, model.Copy().Graph.Initializers[0].Initializer);
    }

    [Fact]
    public void A_graph_that_is_not_sorted_is_copied_in_its_order()
    {
        var model = new Model(new Graph("net"));
        var (x, late) = (model.Graph.AddInput(new Value("x")), new Value("late"));
        model.Graph.AddOutput(model.Graph.Add(new Node("Neg", [late], [new Value("y")])).Output);
        model.Graph.Add(new Node("Abs", [x], [late]));

        var copy = model.Copy().Graph;

        Assert.Same(copy.Nodes[1].Output, copy.Nodes[0].Input(0));
        Assert.NotSame(late, copy.Nodes[1].Output);
    }

    [Fact]
    public void A_part_has_the_nodes_between_given_and_wanted_values()
    {
        var (model, a, c) = Chain();

        var part = model.Extract(v => v == a, [c]);

        Assert.Empty(GraphVerifier.Check(part));
        Assert.Equal(["a"], part.Graph.Inputs.Select(v => v.Name));
        Assert.Equal(["w"], part.Graph.Initializers.Select(v => v.Name));
        Assert.Equal(["Abs", "Mul"], part.Graph.Nodes.Select(n => n.OpType));
        Assert.Equal(["c"], part.Graph.Outputs.Select(v => v.Name));
        Assert.Equal(17, part.Opset);
        Assert.Equal(4, model.Graph.Nodes.Count);
    }

    [Fact]
    public void A_part_reads_graph_inputs_that_nothing_given_stands_before()
    {
        var (model, a, c) = Chain();

        Assert.Equal(["x"], model.Extract(_ => false, [c]).Graph.Inputs.Select(v => v.Name));
        Assert.Empty(ModelCopy.Needed(_ => false, [c]));
        Assert.Equal([a], ModelCopy.Needed(v => v == a || v.IsGraphInput, [c]));
    }

    [Fact]
    public void A_given_value_that_is_wanted_is_handed_through()
    {
        var (model, a, _) = Chain();

        var part = model.Extract(v => v == a, [a]).Graph;

        Assert.Empty(part.Nodes);
        Assert.Same(part.Inputs.Single(), part.Outputs.Single());
    }

    [Fact]
    public void A_part_reads_what_bodies_read_from_outside()
    {
        var model = WithIf();

        var part = model.Extract(_ => false, [model.Graph.Nodes[0].Output]);

        Assert.Empty(GraphVerifier.Check(part));
        Assert.Equal(["x"], part.Graph.Inputs.Select(v => v.Name));
        Assert.Same(part.Graph.Inputs[0], part.Graph.Nodes[0].Subgraphs.First().Nodes[0].Input(0));
    }

    [Fact]
    public void Attributes_are_taken_over_with_bodies_of_their_own()
    {
        var model = WithIf();
        var node = new Node("If", [], [new Value("other")]).WithAttributesOf(model.Graph.Nodes[0]);

        Assert.Equal(["then_branch", "else_branch"], node.Attributes.Keys);
        Assert.NotSame(model.Graph.Nodes[0].Subgraphs.First(), node.Subgraphs.First());
        Assert.Same(model.Graph.Inputs[0], node.Subgraphs.First().Nodes[0].Input(0));
    }

    // x → Neg a → Abs b → Mul with w c → Relu
    private static (Model Model, Value A, Value C) Chain()
    {
        var model = new Model(new Graph("net"));
        model.OpsetImports[""] = 17;
        var x = model.Graph.AddInput(new Value("x"));
        Value Add(string opType, string output, params Value[] inputs) =>
            model.Graph.Add(new Node(opType, inputs, [new Value(output)], output)).Output;
        var a = Add("Neg", "a", x);
        var c = Add("Mul", "c", Add("Abs", "b", a), model.Graph.AddInitializer("w", TensorData.Of([1f], 1)));
        model.Graph.AddOutput(Add("Relu", "d", c));
        return (model, a, c);
    }

    private static Model WithIf()
    {
        var model = new Model(new Graph("net")) { IrVersion = 8, ProducerName = "test" };
        model.OpsetImports[""] = 17;
        model.SetMetadata("key", "value");
        var x =
            model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("h"), Dim.Of("w")))));
        var condition = model.Graph.AddInitializer("condition", TensorData.Of([1L], 1));
        Graph Branch(string op)
        {
            var graph = new Graph(op);
            graph.Add(new Node(op, [x], [new Value($"{op}_out")], op));
            graph.AddOutput(graph.Nodes[0].Output);
            return graph;
        }

        var chosen = model.Graph.Add(new Node("If", [condition], [new Value("chosen")], "if")
            .With("then_branch", new GraphAttribute(Branch("Relu"))).With("else_branch", new GraphAttribute(Branch("Tanh"))));
        var result = model.Graph.Add(new Node("Neg", [chosen.Output], [new Value("y")], "neg"));
        model.Graph.AddOutput(result.Output);
        return model;
    }
}
