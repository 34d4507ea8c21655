using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class AgreeInputsTests
{
    [Fact]
    public void Sizes_that_a_concatenation_needs_to_be_equal_get_one_name()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("b"), 3, Dim.Of("h"), Dim.Of("w"));
        var map = net.Input("map", Dim.Of("n"), 1, Dim.Of("mh"), Dim.Unknown);
        net.Output(net.Node("Concat", x, map).With("axis", 1).Output);

        Assert.Equal(3, net.Apply(new AgreeInputs()));
        Assert.Equal("[b, 1, h, w]", map.Shape!.ToString());
        Assert.Empty(net.Context.Diagnostics);
    }

    [Fact]
    public void A_size_that_meets_a_constant_is_that_number_and_the_user_is_told()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, Dim.Of("h"), Dim.Of("w"));
        net.Output(net.Op("Add", net.Op("Relu", x), net.Weights("positions", 1, 3, 8, 12)));

        Assert.Equal(2, net.Apply(new AgreeInputs()));
        Assert.Equal("[1, 3, 8, 12]", x.Shape!.ToString());
        var told = Assert.Single(net.Context.Diagnostics);
        Assert.Equal(("MSSR2110", Severity.Warning), (told.Id, told.Severity));
        Assert.Contains("h = 8, w = 12", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Add", "[b, 3, h, w]")]
    [InlineData("Concat", "[3, 3, 1, 1]")]
    public void A_batch_that_meets_a_number_in_a_sum_may_be_one(string join, string shape)
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("b"), 3, Dim.Of("h"), Dim.Of("w"));
        var joined = net.Node(join, x, net.Weights("three", 3, 3, 1, 1));
        net.Output((join == "Concat" ? joined.With("axis", 1) : joined).Output);

        net.Apply(new AgreeInputs(), compare: false);

        Assert.Equal(shape, x.Shape!.ToString());
    }

    [Fact]
    public void A_pixel_shuffle_with_baked_sizes_fixes_the_input_to_them()
    {
        var net = new TestNet();
        var x = net.Input("x", Dim.Of("b"), 4, Dim.Of("h"), Dim.Of("w"));
        var six = net.Op("Reshape", net.Op("Relu", x), net.Ints("six", -1, 1, 2, 2, 8, 12));
        net.Output(
            net.Op("Reshape", net.Node("Transpose", six).With("perm", [0, 1, 4, 2, 5, 3]).Output,
                net.Ints("four", -1, 1, 16, 24)));

        Assert.Equal(2, net.Apply(new AgreeInputs()));
        Assert.Equal("[b, 4, 8, 12]", x.Shape!.ToString());
    }

    [Fact]
    public void Sizes_that_are_rounded_or_repeated_stay_open()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 4, Dim.Of("h"), Dim.Of("w"));
        var halved = net.Node("MaxPool", x).With("kernel_shape", [2, 2]).With("strides", [2, 2]).Output;
        var doubled = net.Op("Resize", halved, null, net.Floats("scales", [1, 1, 2, 2], 4));
        net.Output(net.Op("Mul", net.Op("Add", x, doubled), net.Weights("gain", 1, 4, 1, 1)));

        Assert.Equal(0, net.Apply(new AgreeInputs()));
    }

    [Fact]
    public void An_input_without_a_shape_has_the_channels_of_the_conv_that_reads_it()
    {
        var net = new TestNet();
        var x = net.Graph.AddInput(new Value("x", new TensorType(ElementType.Float, null)));
        net.Output(net.Conv(x, net.Weights("w", 4, 3, 3, 3)).Output);

        Assert.Equal(1, net.Apply(new AgreeInputs(), compare: false));
        Assert.Equal("[?, 3, ?, ?]", x.Shape!.ToString());
    }
}
