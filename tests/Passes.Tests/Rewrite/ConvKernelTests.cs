using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Infrastructure;
using MsSrConvert.Passes.Rewrite;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class ConvKernelTests
{
    [Fact]
    public void A_conv_is_read_by_output_and_input_channel()
    {
        var kernel = ConvKernel.Of(Conv("Conv", groups: 1, 2, 3, 1, 2));
        Assert.Equal((2, 3), (kernel.Outs, kernel.Ins));
        Assert.Equal([8, 9], kernel.Window(1, 1).ToArray());
    }

    [Fact]
    public void A_transposed_conv_has_the_input_channels_first()
    {
        var kernel = ConvKernel.Of(Conv("ConvTranspose", groups: 1, 3, 2, 1, 2));
        Assert.Equal((2, 3), (kernel.Outs, kernel.Ins));
        Assert.Equal([6, 7], kernel.Window(1, 1).ToArray());
    }

    [Fact]
    public void Channels_of_different_groups_have_no_window()
    {
        var kernel = ConvKernel.Of(Conv("Conv", groups: 2, 4, 3, 1, 1));
        Assert.Equal((4, 6), (kernel.Outs, kernel.Ins));
        Assert.Equal([3f + 2], kernel.Window(1, 2).ToArray());
        Assert.Equal([6f + 0], kernel.Window(2, 3).ToArray());
        Assert.True(kernel.Window(1, 3).IsEmpty);
    }

    [Fact]
    public void Groups_of_a_transposed_conv_are_runs_of_its_inputs()
    {
        var kernel = ConvKernel.Of(Conv("ConvTranspose", groups: 2, 4, 3, 1, 1));
        Assert.Equal((6, 4), (kernel.Outs, kernel.Ins));
        Assert.Equal([2f * 3 + 1], kernel.Window(4, 2).ToArray());
        Assert.True(kernel.Window(4, 1).IsEmpty);
    }

    [Fact]
    public void The_tensor_keeps_its_element_type()
    {
        var tensor = ConvKernel.Of(Conv("Conv", groups: 1, 2, 3, 1, 2)).ToTensor(ElementType.Float16);
        Assert.Equal(ElementType.Float16, tensor.Element);
        Assert.Equal([2, 3, 1, 2], tensor.Dims);
        Assert.Equal(11, tensor.ToFloats()[^1]);
    }

    [Fact]
    public void Channels_are_picked_along_an_axis_and_filled() => Assert.Equal(
        [4, 5, 0, 0, 0, 1], ChannelSlices.Take(TensorData.Of([0f, 1, 2, 3, 4, 5], 3, 2), 0, [2, -1, 0]).ToFloats());

    private static Node Conv(string op, int groups, params long[] dims)
    {
        var graph = new Graph("kernel");
        var count = (int)dims.Aggregate(1L, (p, d) => p * d);
        var weight = graph.AddInitializer("w", TensorData.Of([.. Enumerable.Range(0, count).Select(i => (float)i)], dims));
        return graph.Add(new Node(op, [graph.AddInput(new Value("x")), weight], [new Value("y")]).With("group", groups));
    }
}
