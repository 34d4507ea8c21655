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

    private static Model WithIf()
    {
        var model = new Model(new Graph("net")) { IrVersion = 8, ProducerName = "test" };
        model.OpsetImports[""] = 17;
        model.SetMetadata("key", "value");
        var x = model.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, new Shape(1, 3, Dim.Of("h"), Dim.Of("w")))));
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
