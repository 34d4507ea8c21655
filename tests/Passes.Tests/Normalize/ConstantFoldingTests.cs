using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class ConstantFoldingTests
{
    [Fact]
    public void Slopes_behind_an_unsqueeze_become_an_initializer_named_after_its_output()
    {
        var net = new TestNet();
        var slopes = net.NodeTo("Unsqueeze", ["slopes3"], net.Weights("slopes", 3), net.Ints("axes", 1, 2)).Output;
        net.Output(net.Op("PRelu", net.Input("x", 1, 3, 8, 12), slopes));

        Assert.Equal(1, net.Apply(new ConstantFolding()));

        Assert.Equal("slopes3", slopes.Name);
        Assert.Equal([3L, 1, 1], slopes.Initializer!.Dims);
        Assert.Equal("float[3, 1, 1]", slopes.Type!.ToString());
    }

    [Fact]
    public void What_depends_on_an_input_stays()
    {
        var net = new TestNet();
        net.Output(net.Op("Unsqueeze", net.Input("x", 3, 8), net.Ints("axes", 0)));

        Assert.Equal(0, net.Apply(new ConstantFolding()));
    }

    [Fact]
    public void A_folded_value_that_is_a_graph_output_stays_a_node()
    {
        var net = new TestNet();
        net.Output(net.Op("Relu", net.Input("x", 3, 8)));
        net.Output(net.Op("Neg", net.Weights("w", 3)));

        Assert.Equal(0, net.Apply(new ConstantFolding()));
    }

    [Fact]
    public void Two_transposes_of_one_kernel_give_one_kernel()
    {
        var net = new TestNet();
        var kernel = net.Weights("kernel", 3, 3, 3, 3);
        Value Turned() => net.Node("Transpose", kernel).With("perm", [3, 2, 0, 1]).Output;
        var h = net.Conv(net.Input("x", 1, 3, 8, 12), Turned()).Output;
        net.Output(net.Conv(h, Turned()).Output);

        Assert.Equal(2, net.Apply(new ConstantFolding()));

        Assert.Same(net.Graph.Nodes[0].Input(1), net.Graph.Nodes[1].Input(1));
    }

    [Fact]
    public void Two_reshapes_of_one_kernel_by_equal_shapes_give_one_kernel_and_of_equal_kernels_two()
    {
        var net = new TestNet();
        var numbers = net.Noise(3, 3, 3, 3);
        var (one, other) = (net.Floats("one", numbers, 81), net.Floats("other", numbers, 81));
        Value Shaped(Value kernel, string shape) => net.Op("Reshape", kernel, net.Ints(shape, 3, 3, 3, 3));
        var h = net.Conv(net.Input("x", 1, 3, 8, 12), Shaped(one, "s1")).Output;
        h = net.Conv(h, Shaped(one, "s2")).Output;
        net.Output(net.Conv(h, Shaped(other, "s3")).Output);

        net.Apply(new ConstantFolding());

        var kernels = net.Graph.Nodes.Select(n => n.Input(1)).ToArray();
        Assert.Same(kernels[0], kernels[1]);
        Assert.NotSame(kernels[0], kernels[2]);
    }

    [Theory]
    [InlineData("Add")]
    [InlineData("Sub")]
    [InlineData("Mul")]
    [InlineData("Div")]
    public void Arithmetic_of_constants_is_what_the_runtime_computes(string opType)
    {
        var net = new TestNet();
        var folded = net.Op(opType, net.Weights("a", 2, 3, 1, 1), net.Weights("b", 3, 1, 4));
        net.Output(net.Op("Add", net.Input("x", 2, 3, 1, 4), net.Op("Neg", folded)));

        Assert.Equal(2, net.Apply(new ConstantFolding()));
        Assert.Equal("Add", net.Operators());
    }

    [Fact]
    public void Shape_arithmetic_of_constants_is_what_the_runtime_computes()
    {
        var net = new TestNet();
        var dims = net.Ints("dims", 2, 3, 4, 4);
        var tail = net.Op("Slice", dims, net.Ints("starts", -1), net.Ints("ends", -9), net.Ints("axis", 0),
            net.Ints("steps", -2));
        var head = net.Op("Gather", dims, net.Ints("picks", 0, -3));
        var joined = net.Node("Concat", head,
            net.Op("Div", net.Op("Mul", tail, net.Ints("six", 6)), net.Ints("three", 3))).With("axis", 0).Output;
        var square = net.Op("Squeeze", net.Op("Unsqueeze", joined, net.Ints("axes", 0)), net.Ints("first", 0));
        var shape = net.Node("Cast", net.Node("Cast", square).With("to", 1).Output).With("to", 7).Output;
        net.Output(net.Op("Expand", net.Input("x", 1, 1, 1, 1), shape));

        Assert.Equal(9, net.Apply(new ConstantFolding()));
        Assert.Equal([2L, 3, 8, 6], shape.Initializer!.ToInt64s());
    }

    [Fact]
    public void Transposes_and_slices_of_constants_are_what_the_runtime_computes()
    {
        var net = new TestNet();
        var turned = net.Node("Transpose", net.Weights("w", 5, 6, 3, 2)).With("perm", [3, 1, 0, 2]).Output;
        var cut = net.Op("Slice", turned, net.Ints("starts", 5, 1), net.Ints("ends", long.MinValue, long.MaxValue),
            net.Ints("axes", 1, -1), net.Ints("steps", -2, 1));
        net.Output(net.Op("Add", net.Input("x", 2, 3, 5, 2), cut));

        Assert.Equal(2, net.Apply(new ConstantFolding()));
    }

    [Fact]
    public void A_slice_of_constants_by_steps_takes_every_element_that_it_reaches()
    {
        var net = new TestNet();
        var cut = net.Op("Slice", net.Ints("all", 1, 2, 3, 4, 5), net.Ints("starts", 0), net.Ints("ends", 5),
            net.Ints("axis", 0), net.Ints("steps", 2));
        net.Output(net.Op("Expand", net.Input("x", 1, 1, 1), cut));

        Assert.Equal(1, net.Apply(new ConstantFolding()));
        Assert.Equal([1L, 3, 5], cut.Initializer!.ToInt64s());
    }

    [Fact]
    public void Integer_division_by_zero_is_left_to_the_runtime()
    {
        var net = new TestNet();
        var shape = net.Op("Div", net.Ints("a", 2, 2), net.Ints("b", 1, 0));
        net.Output(net.Op("Reshape", net.Input("x", 2, 2), shape));

        Assert.Equal(0, net.Apply(new ConstantFolding(), compare: false));
    }

    [Fact]
    public void A_weight_normalised_kernel_folds_through_the_runtime_and_one_that_is_used_twice_stays_one()
    {
        var net = new TestNet();
        var (direction, length) = (net.Weights("v", 4, 4, 3, 3), net.Weights("g", 4, 1, 1, 1));
        Value Kernel(int use)
        {
            var norm = net.Node("ReduceL2", direction).With("axes", [1, 2, 3]).With("keepdims", 1).Output;
            var safe = net.Op("Sqrt",
                net.Op("Add", net.Op("Pow", norm, net.Floats($"two{use}", [2])), net.Floats($"eps{use}", [1e-6f])));
            return net.Op("Mul", net.Op("Div", direction, safe), length);
        }

        var h = net.Conv(net.Input("x", 1, 4, 8, 12), Kernel(1)).Output;
        net.Output(net.Conv(h, Kernel(2)).Output);

        Assert.Equal(12, net.Apply(new ConstantFolding(NodeRunner.Run)));
        Assert.Equal("Conv Conv", net.Operators());
        Assert.Same(net.Graph.Nodes[0].Input(1), net.Graph.Nodes[1].Input(1));
    }

    [Fact]
    public void Kernels_computed_alike_from_two_equal_tensors_stay_two()
    {
        var net = new TestNet();
        var numbers = net.Noise(4, 4, 3, 3);
        var h = net.Conv(net.Input("x", 1, 4, 8, 12), net.Op("Exp", net.Floats("v1", numbers, 4, 4, 3, 3))).Output;
        net.Output(net.Conv(h, net.Op("Exp", net.Floats("v2", numbers, 4, 4, 3, 3))).Output);

        Assert.Equal(2, net.Apply(new ConstantFolding(NodeRunner.Run)));
        Assert.NotSame(net.Graph.Nodes[0].Input(1), net.Graph.Nodes[1].Input(1));
    }

    [Fact]
    public void Single_numbers_that_are_equal_are_not_made_one()
    {
        var net = new TestNet();
        Value Slope(string name) => net.Op("Unsqueeze", net.Op("Neg", net.Floats(name, [0.25f], 1)), net.Ints(name + "_axes", 1));
        var h = net.Op("PRelu", net.Input("x", 1, 4, 8, 12), Slope("a"));
        net.Output(net.Op("PRelu", h, Slope("b")));

        Assert.Equal(4, net.Apply(new ConstantFolding()));
        Assert.NotSame(net.Graph.Nodes[0].Input(1), net.Graph.Nodes[1].Input(1));
    }

    [Fact]
    public void The_pads_of_a_torch_export_fold()
    {
        var net = new TestNet();
        var zeros = net.Op("ConstantOfShape", net.Ints("count", 4));
        zeros.Producer!.With("value", new TensorAttribute(TensorData.Of([0L], 1)));
        var padded = net.Node("Concat", net.Ints("given", 1, 1, 1, 1), zeros).With("axis", 0).Output;
        var rows = net.Op("Slice", net.Op("Reshape", padded, net.Ints("pairs", -1, 2)), net.Ints("starts", -1),
            net.Ints("ends", long.MinValue), net.Ints("axes", 0), net.Ints("steps", -1));
        var pads = net.Op("Reshape", net.Node("Transpose", rows).With("perm", [1, 0]).Output, net.Ints("flat", -1));
        net.Output(net.Node("Pad", net.Input("x", 1, 3, 8, 12), pads).With("mode", "reflect").Output);

        Assert.Equal(6, net.Apply(new ConstantFolding()));
        Assert.Equal([0L, 0, 1, 1, 0, 0, 1, 1], pads.Initializer!.ToInt64s());
    }

    [Fact]
    public void What_a_quantised_kernel_stands_for_folds()
    {
        var net = new TestNet();
        var bytes = net.Graph.AddInitializer("q",
            new TensorData(ElementType.Int8, [2, 3, 3, 3], new byte[54].Select((_, i) => (byte)(i * 5)).ToArray()));
        var zero = net.Graph.AddInitializer("zero", new TensorData(ElementType.Int8, [2], new byte[2]));
        var kernel = net.Node("DequantizeLinear", bytes, net.Floats("scale", [0.1f, 0.2f], 2), zero).With("axis", 0).Output;
        net.Output(net.Conv(net.Input("x", 1, 3, 8, 12), kernel).Output);

        Assert.Equal(1, net.Apply(new ConstantFolding(NodeRunner.Run)));
        Assert.Equal(ElementType.Float, kernel.Initializer!.Element);
    }

    [Fact]
    public void A_channel_count_read_off_a_value_of_open_size_folds_and_its_height_does_not()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 8, Dim.Of("h"), Dim.Of("w"));
        var shape = net.Op("Shape", net.Op("Relu", x));
        var half = net.Op("Div", net.Op("Gather", shape, net.Ints("one", 1)), net.Ints("two", 2));
        var first = net.Op("Slice", x, net.Ints("zero", 0), half, net.Ints("axis", 1));
        net.Output(
            net.Op("Mul", first,
                net.Node("Cast", net.Op("Gather", shape, net.Graph.AddInitializer("height", TensorData.Of([2L])))).With("to",
                    1).Output));

        net.Apply(new ConstantFolding());
        Assert.Equal([4L], half.Initializer!.ToInt64s());
        Assert.Equal(2, net.Graph.Nodes.Count(n => n.OpType is "Shape" or "Cast"));
    }

    [Fact]
    public void Scales_that_are_quotients_of_sizes_fold()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, Dim.Of("h"), Dim.Of("w"));
        var sides = net.Op("Slice", net.Op("Shape", x), net.Ints("two", 2), net.Ints("four", 4));
        Value Real(Value v) => net.Node("Cast", v).With("to", 1).Output;
        var factors = net.Op("Div", Real(net.Op("Mul", sides, net.Ints("three", 3))),
            Real(net.Op("Mul", sides, net.Ints("twice", 2))));
        var scales = net.Node("Concat", net.Floats("ones", [1, 1], 2), factors).With("axis", 0).Output;
        net.Output(net.Node("Resize", x, null, scales).With("mode", "nearest").Output);

        net.Apply(new ConstantFolding());
        Assert.Equal([1, 1, 1.5f, 1.5f], scales.Initializer!.ToFloats());
    }

    [Fact]
    public void A_size_that_only_a_declaration_gives_is_not_believed()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, Dim.Of("h"), Dim.Of("w"));
        var y = net.Op("Relu", x);
        y.Type = new TensorType(ElementType.Float, Shape.Known(1, 2, 6, 6));
        net.Output(net.Op("ConstantOfShape", net.Op("Shape", y)));

        Assert.Equal(0, net.Apply(new ConstantFolding()));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void The_branch_that_a_constant_condition_takes_stands_in_the_place_of_its_if(bool condition)
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 2, 8, 12);
        var flag = net.Op("Not",
            net.Graph.AddInitializer("flag", new TensorData(ElementType.Bool, [], new[] { (byte)(condition ? 0 : 1) })));
        Graph Branch(string op, string name)
        {
            var graph = new Graph(name);
            var weight = graph.AddInitializer(name + "_w", TensorData.Of([2f, 3], 2, 1, 1));
            var product = graph.Add(new Node("Mul", [x, weight], [new Value(name + "_p")], name + "_mul"));
            graph.AddOutput(
                graph.Add(
                    new Node(op, [product.Output], [new Value(name + "_y", new TensorType(ElementType.Float, null))],
                        name)).Output);
            return graph;
        }

        var node = new Node("If", [flag], [new Value("y")], "if").With("then_branch", new GraphAttribute(Branch("Relu", "then")))
            .With("else_branch", new GraphAttribute(Branch("Neg", "else")));
        net.Output(net.Op("Sigmoid", net.Graph.Add(node).Output));

        Assert.Equal(2, net.Apply(new ConstantFolding(NodeRunner.Run)));
        Assert.Equal(condition ? "Mul Relu Sigmoid" : "Mul Neg Sigmoid", net.Operators());
    }

    [Fact]
    public void Random_numbers_absurd_sizes_and_divisions_by_zero_stay()
    {
        var net = new TestNet(18, 8);
        var absurd = net.Op("ConstantOfShape", net.Ints("absurd", 1_000_000, 1_000_000));
        var many = net.Op("Tile", net.Weights("w", 64), net.Ints("times", 1L << 40));
        var noise = net.Node("RandomNormalLike", net.Weights("like", 3)).Output;
        var rest = net.Op("Mod", net.Ints("a", 5), net.Ints("b", 0));
        net.Output(net.Op("Add", net.Op("Add", net.Input("x", 1), noise), net.Op("Add", absurd, many)));
        net.Output(rest, ElementType.Int64);
        net.Output(net.Op("Reshape", net.Input("z", 2), net.Op("Mod", net.Ints("c", 5), net.Ints("d", 0))));

        Assert.Equal(0, net.Apply(new ConstantFolding(NodeRunner.Run), compare: false));
    }

    [Fact]
    public void An_identity_of_a_kernel_is_the_kernel()
    {
        var net = new TestNet();
        var kernel = net.Weights("w", 3, 3, 3, 3);
        var h = net.Conv(net.Input("x", 1, 3, 8, 12), net.Op("Identity", kernel)).Output;
        net.Output(net.Conv(h, kernel).Output);

        Assert.Equal(1, net.Apply(new ConstantFolding()));
        Assert.Equal(2, kernel.Uses.Count);
    }
}
