using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
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
        var tail = net.Op("Slice", dims, net.Ints("starts", -1), net.Ints("ends", -9), net.Ints("axis", 0), net.Ints("steps", -2));
        var head = net.Op("Gather", dims, net.Ints("picks", 0, -3));
        var joined = net.Node("Concat", head, net.Op("Div", net.Op("Mul", tail, net.Ints("six", 6)), net.Ints("three", 3))).With("axis", 0).Output;
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
        var cut = net.Op("Slice", turned, net.Ints("starts", 5, 1), net.Ints("ends", long.MinValue, long.MaxValue), net.Ints("axes", 1, -1), net.Ints("steps", -2, 1));
        net.Output(net.Op("Add", net.Input("x", 2, 3, 5, 2), cut));

        Assert.Equal(2, net.Apply(new ConstantFolding()));
    }

    [Fact]
    public void Integer_division_by_zero_is_left_to_the_runtime()
    {
        var net = new TestNet();
        var shape = net.Op("Div", net.Ints("a", 2, 2), net.Ints("b", 1, 0));
        net.Output(net.Op("Reshape", net.Input("x", 2, 2), shape));

        Assert.Equal(0, net.Apply(new ConstantFolding(), compare: false));
    }
}
