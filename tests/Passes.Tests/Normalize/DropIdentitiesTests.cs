using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Normalize;
using Xunit;

namespace MsSrConvert.Passes.Tests.Normalize;

public class DropIdentitiesTests
{
    [Fact]
    public void Convs_that_read_copies_of_one_kernel_read_the_kernel_itself_afterwards()
    {
        var net = new TestNet();
        var kernel = net.Weights("kernel", 3, 3, 3, 3);
        var h = net.Conv(net.Input("x", 1, 3, 8, 12), net.Op("Identity", kernel)).Output;
        net.Output(net.Conv(h, net.Op("Identity", net.Op("Identity", kernel))).Output);

        Assert.Equal(3, net.Apply(new DropIdentities()));

        Assert.All(net.Graph.Nodes, n => Assert.Same(kernel, n.Input(1)));
    }

    [Fact]
    public void An_identity_from_graph_input_to_graph_output_stays()
    {
        var net = new TestNet();
        net.Output(net.Op("Identity", net.Input("x", 1, 3, 8, 12)));

        Assert.Equal(0, net.Apply(new DropIdentities()));
    }

    [Fact]
    public void An_identity_in_front_of_a_graph_output_goes_and_the_output_keeps_its_name()
    {
        var net = new TestNet();
        var h = net.Op("Relu", net.Input("x", 1, 3, 8, 12));
        net.Output(net.NodeTo("Identity", ["y"], h).Output);
        net.Output(net.NodeTo("Neg", ["z"], h).Output);

        Assert.Equal(1, net.Apply(new DropIdentities()));

        Assert.Equal("Relu Neg", net.Operators());
        Assert.Equal("y", net.Graph.Nodes[0].Output.Name);
        Assert.Equal("y", net.Graph.Nodes[1].Input(0)!.Name);
    }

    [Fact]
    public void An_identity_between_two_graph_outputs_stays()
    {
        var net = new TestNet();
        var h = net.NodeTo("Relu", ["y"], net.Input("x", 1, 3, 8, 12)).Output;
        net.Output(h);
        net.Output(net.NodeTo("Identity", ["z"], h).Output);

        Assert.Equal(0, net.Apply(new DropIdentities()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dropout_goes_at_inference_only(bool training)
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        var ratio = net.Floats("ratio", [0.5f]);
        var mode = net.Graph.AddInitializer("training",
            new TensorData(ElementType.Bool, [], new[] { training ? (byte)1 : (byte)0 }));
        net.Output(net.Op("Relu", net.Op("Dropout", x, ratio, mode)));

        Assert.Equal(training ? 0 : 1, net.Apply(new DropIdentities(), compare: !training));
    }

    [Fact]
    public void A_dropout_whose_mask_is_read_stays()
    {
        var net = new TestNet();
        var dropout = net.NodeTo("Dropout", ["d", "mask"], net.Input("x", 1, 3, 8, 12));
        net.Output(net.Op("Relu", dropout.Output));
        net.Output(net.Node("Cast", dropout.Outputs[1]).With("to", 1).Output);

        Assert.Equal(0, net.Apply(new DropIdentities()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 0)]
    public void A_cast_goes_where_it_casts_to_the_same_type(long to, int changes)
    {
        var net = new TestNet();
        var h = net.Op("Relu", net.Input("x", 1, 3, 8, 12));
        net.Output(net.Node("Neg", net.Node("Cast", h).With("to", to).Output).Output, (ElementType)to);

        Assert.Equal(changes, net.Apply(new DropIdentities()));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void A_pad_goes_where_it_pads_by_nothing(long pad, int changes)
    {
        var net = new TestNet();
        var pads = net.Ints("pads", 0, 0, pad, pad, 0, 0, 0, 0);
        net.Output(net.Op("Relu", net.Op("Pad", net.Input("x", 1, 3, 8, 12), pads)));

        Assert.Equal(changes, net.Apply(new DropIdentities()));
    }

    [Theory]
    [InlineData(new long[] { 0, 1, 2, 3 }, 1)]
    [InlineData(new long[] { 0, 1, 3, 2 }, 0)]
    public void A_transpose_goes_where_it_permutes_nothing(long[] perm, int changes)
    {
        var net = new TestNet();
        net.Output(net.Op("Relu", net.Node("Transpose", net.Input("x", 1, 3, 8, 12)).With("perm", perm).Output));

        Assert.Equal(changes, net.Apply(new DropIdentities()));
    }

    [Fact]
    public void A_concat_of_one_value_goes_and_one_of_two_stays()
    {
        var net = new TestNet();
        var x = net.Input("x", 1, 3, 8, 12);
        var one = net.Node("Concat", x).With("axis", 1).Output;
        net.Output(net.Node("Concat", one, one).With("axis", 1).Output);

        Assert.Equal(1, net.Apply(new DropIdentities()));

        Assert.Equal([x, x], Assert.Single(net.Graph.Nodes).Inputs);
    }
}
