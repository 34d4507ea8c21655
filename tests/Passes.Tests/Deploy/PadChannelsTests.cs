using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Deploy;
using MsSrConvert.Passes.Infrastructure;
using Xunit;

namespace MsSrConvert.Passes.Tests.Deploy;

public class PadChannelsTests
{
    private readonly TestNet _net = new();

    [Fact]
    public void Features_between_convs_grow_to_the_block()
    {
        var last = Tail(_net.Op("Relu", Head(22)), 22);
        _net.Output(last.Output);

        Assert.Equal(3, _net.Apply(new PadChannels(8)));

        Assert.Equal([3, 24, 3, 3], last.Input(1)!.Initializer!.Dims);
    }

    [Theory]
    [InlineData("Swish", 3), InlineData("Mish", 3), InlineData("Softsign", 3), InlineData("Sin", 3)]
    [InlineData("Log", 0), InlineData("Reciprocal", 0)]
    public void Only_what_keeps_every_number_finite_leaves_room_for_more_channels(string op, int changes)
    {
        _net.Output(Tail(_net.Op(op, Head(22)), 22).Output);

        Assert.Equal(changes, new PadChannels(8).Run(_net.Model, new PassContext()).Changes);
    }

    [Fact]
    public void A_kernel_that_several_convs_share_stays_one()
    {
        var shared = _net.Weights("shared", 22, 22, 3, 3);
        var x = Head(22);
        var (first, second) = (_net.Conv(x, shared), _net.Conv(_net.Op("Relu", x), shared));
        _net.Output(Tail(_net.Op("Add", first.Output, second.Output), 22).Output);

        _net.Apply(new PadChannels(8));

        Assert.Same(first.Input(1), second.Input(1));
        Assert.Equal([24, 24, 3, 3], first.Input(1)!.Initializer!.Dims);
    }

    [Theory]
    [InlineData("CRD")]
    [InlineData("DCR")]
    public void Channels_in_front_of_a_pixel_shuffle_grow_by_whole_pixels(string mode)
    {
        var shuffled = _net.Node("DepthToSpace", Head(44 * 2)).With("blocksize", 2).With("mode", mode).Output;
        var last = Tail(_net.Op("PRelu", shuffled, _net.Weights("slopes", 22, 1, 1)), 22);
        _net.Output(last.Output);

        Assert.Equal(4, _net.Apply(new PadChannels(8)));

        Assert.Equal([96, 3, 3, 3], _net.Graph.Nodes[0].Input(1)!.Initializer!.Dims);
    }

    [Fact]
    public void Channels_put_together_and_taken_apart_grow_in_their_places()
    {
        var split = _net.NodeTo("Split", ["a", "b"], Head(44), _net.Ints("widths", 22, 22)).With("axis", 1);
        var joined = _net.Node("Concat", _net.Conv(split.Outputs[1]!, _net.Weights("w", 22, 22, 3, 3)).Output,
            split.Outputs[0]).With("axis", 1);
        var last = Tail(joined.Output, 44);
        _net.Output(last.Output);

        _net.Apply(new PadChannels(8));

        Assert.Equal([3, 48, 3, 3], last.Input(1)!.Initializer!.Dims);
    }

    [Theory]
    [InlineData(22, 16)]
    [InlineData(12, 16)]
    [InlineData(20, 8)]
    [InlineData(9, 8)]
    public void Padding_that_costs_much_or_gains_nothing_is_left_out(int channels, int block)
    {
        _net.Output(Tail(Head(channels), channels).Output);

        Assert.Equal(0, _net.Apply(new PadChannels(block)));
    }

    [Fact]
    public void Features_that_leave_the_network_stay()
    {
        var x = Head(22);
        _net.Output(x).Output(Tail(x, 22).Output);

        Assert.Equal(0, _net.Apply(new PadChannels(8)));
    }

    [Fact]
    public void Features_that_another_operator_reads_stay_together_with_those_tied_to_them()
    {
        var x = Head(22);
        var mixed = _net.Node("Softmax", x).With("axis", 1).Output;
        _net.Output(Tail(_net.Op("Add", mixed, _net.Op("Relu", x)), 22).Output);

        Assert.Equal(0, _net.Apply(new PadChannels(8)));
    }

    private Value Head(int channels) =>
        _net.Conv(_net.Input("x", 1, 3, 8, 12), _net.Weights("head", channels, 3, 3, 3), _net.Weights("bias", channels)).Output;

    private Node Tail(Value x, int channels) => _net.Conv(x, _net.Weights("tail", 3, channels, 3, 3));
}
