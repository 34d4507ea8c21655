using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class LiftConstantsTests
{
    [Fact]
    public void A_constant_node_becomes_an_initializer_of_the_same_name()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, 8, 12);
        var two = net.NodeTo("Constant", ["two"]).With("value", new TensorAttribute(TensorData.Of([2f], 1)));
        net.Output(net.Op("Mul", x, two.Output));

        Assert.Equal(1, net.Apply(new LiftConstants()));

        var value = Assert.Single(net.Graph.Initializers);
        Assert.Equal("two", value.Name);
        Assert.Equal([2f], value.Initializer!.ToFloats());
        Assert.Equal("Mul", net.Operators());
    }

    [Fact]
    public void A_constant_that_is_a_graph_output_stays_a_node()
    {
        var net = new TestNet();
        net.Output(net.Op("Relu", net.Input("x", 1, 2, 8, 12)));
        net.Output(net.NodeTo("Constant", ["two"]).With("value", new TensorAttribute(TensorData.Of([2f], 1))).Output);

        Assert.Equal(0, net.Apply(new LiftConstants()));
    }

    [Fact]
    public void Every_short_form_has_its_type_and_rank()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, 8, 12);
        Value Of(string name, AttributeValue value) => net.NodeTo("Constant", [name]).With(name, value).Output;
        var sum = net.Op("Add", net.Op("Mul", x, Of("value_float", new FloatAttribute(3))),
            Of("value_floats", new FloatsAttribute([1])));
        var shape = net.Op("Reshape", sum, Of("value_ints", new IntsAttribute([1, 2, 96])));
        net.Output(net.Op("Gather", shape, Of("value_int", new IntAttribute(0))));
        net.Node("Identity", Of("value_string", new StringAttribute("a")));
        net.Node("Identity", Of("value_strings", new StringsAttribute([new byte[] { 65 }])));

        Assert.Equal(6, net.Apply(new LiftConstants()));

        var types = net.Graph.Initializers.ToDictionary(v => v.Name, v => v.Type!.ToString());
        Assert.Equal("float[]", types["value_float"]);
        Assert.Equal("float[1]", types["value_floats"]);
        Assert.Equal("int64[]", types["value_int"]);
        Assert.Equal("int64[3]", types["value_ints"]);
        Assert.Equal("string[]", types["value_string"]);
        Assert.Equal("string[1]", types["value_strings"]);
    }

    [Fact]
    public void Constants_in_a_body_become_initializers_of_the_body()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, 8, 12);
        var condition = net.Graph.AddInitializer("yes", new TensorData(ElementType.Bool, [], new byte[] { 1 }));
        Graph Branch(string name, float factor)
        {
            var graph = new Graph(name);
            var constant = graph.Add(new Node("Constant", [], [new Value(name + "_c")])).With("value_float", factor);
            var product = graph.Add(
                new Node("Mul", [x, constant.Output], [new Value(name + "_y", new TensorType(ElementType.Float, null))]));
            graph.AddOutput(product.Output);
            return graph;
        }

        var node = new Node("If", [condition], [new Value("y")], "if")
            .With("then_branch", new GraphAttribute(Branch("then", 2)))
            .With("else_branch", new GraphAttribute(Branch("else", 3)));
        net.Output(net.Graph.Add(node).Output);

        Assert.Equal(2, net.Apply(new LiftConstants()));

        Assert.All(node.Subgraphs, g => Assert.Single(g.Initializers));
    }
}
