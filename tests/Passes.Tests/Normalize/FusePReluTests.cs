using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class FusePReluTests
{
    public static TheoryData<string> Spellings =>
    [
        "relu + c*(x-abs)", "c*(x-abs) + relu", "relu + (x-abs)*c*0.5", "relu - c*(abs-x)", "relu + c*(abs-x)",
        "relu - c*relu(-x)",
        "relu + c*neg(relu(-x))", "max + c*min", "relu + c*(x-relu)",
    ];

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_prelu_in_simpler_operators_becomes_one_node(string spelling)
    {
        var net = new TestNet();
        var x = net.Op("Neg", net.Input("x", 1, 4, 8, 12));
        var sum = Spell(net, x, spelling, net.Weights("c", 1, 4, 1, 1));
        net.Output(sum.Output);

        Assert.Equal(1, net.Apply(new FusePRelu()));

        Assert.Equal("Neg PRelu", net.Operators());
        Assert.Equal([x, net.Graph.Initializers[^1]], sum.Inputs);
        Assert.Equal([4L, 1, 1], sum.Input(1)!.Initializer!.Dims);
    }

    [Fact]
    public void One_slope_for_all_channels_has_one_element()
    {
        var net = new TestNet();
        var sum = Spell(net, net.Input("x", 1, 4, 8, 12), "relu + c*(x-abs)", net.Weights("c"));
        net.Output(sum.Output);

        Assert.Equal(1, net.Apply(new FusePRelu()));
        Assert.Equal([1L], sum.Input(1)!.Initializer!.Dims);
    }

    [Fact]
    public void Parts_that_others_read_stay_for_them()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, 8, 12);
        net.Output(Spell(net, x, "relu + c*(x-abs)", net.Weights("c", 4, 1, 1)).Output);
        net.Output(net.Op("Neg", net.Graph.Nodes[0].Output));

        Assert.Equal(1, net.Apply(new FusePRelu()));
        Assert.Equal("Relu PRelu Neg", net.Operators());
    }

    [Fact]
    public void A_slope_that_a_branch_of_an_if_makes_first_can_be_read_behind_it()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, 8, 12);
        var slope = net.Weights("c", 4, 1, 1);
        Graph Branch(string name)
        {
            var graph = new Graph(name);
            Value Op(string op, params Value[] inputs) =>
                graph.Add(
                    new Node(op, inputs,
                        [new Value($"{name}_{op}{graph.Nodes.Count}", new TensorType(ElementType.Float, null))])).Output;
            graph.AddOutput(Op("Sub", Op("Relu", x), Op("Mul", slope, Op("Relu", Op("Neg", x)))));
            return graph;
        }

        var flag = net.Op("Greater", net.Node("ReduceMean", x).With("keepdims", 0).Output, net.Floats("zero", [0]));
        var chosen = net.Graph.Add(
            new Node("If", [flag], [new Value("y")], "if").With("then_branch",
                new GraphAttribute(Branch("then"))).With("else_branch", new GraphAttribute(Branch("else"))));
        net.Output(Spell(net, chosen.Output, "relu - c*relu(-x)", slope).Output);

        Assert.Equal(3, net.Apply(new FusePRelu()));
    }

    [Fact]
    public void Prelus_on_one_constant_share_one_slope()
    {
        var net = new TestNet();
        var slope = net.Weights("c", 4, 1, 1);
        var h = Spell(net, net.Input("x", 1, 4, 8, 12), "relu + c*(x-abs)", slope).Output;
        net.Output(Spell(net, h, "relu + c*(x-abs)", slope).Output);

        Assert.Equal(2, net.Apply(new FusePRelu()));
        Assert.Same(net.Graph.Nodes[0].Input(1), net.Graph.Nodes[1].Input(1));
    }

    [Fact]
    public void Halves_of_different_values_stay()
    {
        var net = new TestNet();
        var (x, y) = (net.Input("x", 1, 4, 8, 12), net.Input("y", 1, 4, 8, 12));
        var negative = net.Op("Mul", net.Op("Sub", y, net.Op("Abs", y)), net.Weights("c", 4, 1, 1));
        net.Output(net.Op("Add", net.Op("Relu", x), negative));

        Assert.Equal(0, net.Apply(new FusePRelu()));
    }

    [Fact]
    public void A_factor_that_is_computed_stays()
    {
        var net = new TestNet();
        net.Output(Spell(net, net.Input("x", 1, 4, 8, 12), "relu + c*(x-abs)", net.Input("c", 1)).Output);

        Assert.Equal(0, net.Apply(new FusePRelu()));
    }

    [Fact]
    public void A_factor_that_widens_the_value_stays()
    {
        var net = new TestNet();
        net.Output(Spell(net, net.Input("x", 1, 1, 8, 12), "relu + c*(x-abs)", net.Weights("c", 4, 1, 1)).Output);

        Assert.Equal(0, net.Apply(new FusePRelu()));
    }

    private static Node Spell(TestNet net, Value x, string spelling, Value c)
    {
        Value Zero() => net.Graph.Initializers.FirstOrDefault(v => v.Name == "zero") ?? net.Floats("zero", [0]);
        Value Relu() => net.Op("Relu", x);
        Value Difference() => net.Op("Sub", x, net.Op("Abs", x));
        Value Reverse() => net.Op("Sub", net.Op("Abs", x), x);
        return spelling switch
        {
            "relu + c*(x-abs)" => net.Node("Add", Relu(), net.Op("Mul", c, Difference())),
            "c*(x-abs) + relu" => net.Node("Add", net.Op("Mul", Difference(), c), Relu()),
            "relu + (x-abs)*c*0.5" =>
                net.Node("Add", Relu(), net.Op("Mul", net.Op("Mul", Difference(), c), net.Floats("half", [0.5f]))),
            "relu - c*(abs-x)" => net.Node("Sub", Relu(), net.Op("Mul", c, Reverse())),
            "relu + c*(abs-x)" => net.Node("Add", Relu(), net.Op("Mul", c, Reverse())),
            "relu - c*relu(-x)" => net.Node("Sub", Relu(), net.Op("Mul", c, net.Op("Relu", net.Op("Neg", x)))),
            "relu + c*neg(relu(-x))" =>
                net.Node("Add", Relu(), net.Op("Mul", c, net.Op("Neg", net.Op("Relu", net.Op("Neg", x))))),
            "max + c*min" => net.Node("Add", net.Op("Max", x, Zero()), net.Op("Mul", net.Op("Min", Zero(), x), c)),
            _ => net.Node("Add", Relu(), net.Op("Mul", c, net.Op("Sub", x, Relu()))),
        };
    }
}
