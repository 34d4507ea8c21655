using MsSrConvert.GraphIR;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Zoo.Tests;

public class SrResNetTests
{
    private readonly Model _model = SrResNet.Create(1);

    [Fact]
    public void The_patents_network_has_1591427_parameters() =>
        Assert.Equal(1_591_427, _model.Graph.Initializers.Sum(v => v.Initializer!.Count));

    [Fact]
    public void The_patents_network_costs_42759880704_multiply_adds_at_128_by_128() =>
        Assert.Equal(42_759_880_704, MultiplyAdds(128 * 128));

    [Fact]
    public void Every_convolution_is_3_by_3_with_one_pixel_of_padding_and_a_bias()
    {
        var convs = _model.Graph.Nodes.Where(n => n.Is("Conv")).ToList();
        Assert.Equal(39, convs.Count);
        Assert.All(convs, c => Assert.Equal([3, 3], c.GetInts("kernel_shape")!));
        Assert.All(convs, c => Assert.Equal([1, 1, 1, 1], c.GetInts("pads")!));
        Assert.All(convs, c => Assert.NotNull(c.Input(2)));
    }

    [Fact]
    public void Blocks_have_a_skip_of_their_own_and_nothing_skips_the_trunk()
    {
        Assert.Equal(17, _model.Graph.Nodes.Count(n => n.Is("Add")));
        var head = _model.Graph.Nodes[0].Output;
        Assert.Equal(["/body/0/conv1/Conv", "/body/0/Add"], head.Uses.Select(u => u.Node.Name));
    }

    // Each kernel element is used once per output pixel; only PixelShuffle changes the number of pixels.
    private long MultiplyAdds(long pixels)
    {
        long sum = 0;
        foreach (var node in _model.Graph.Nodes)
        {
            if (node.Is("DepthToSpace"))
                pixels *= node.GetInt("blocksize", 0) * node.GetInt("blocksize", 0);
            if (node.Is("Conv"))
                sum += node.Inputs[1]!.Initializer!.Count * pixels;
        }

        return sum;
    }
}
