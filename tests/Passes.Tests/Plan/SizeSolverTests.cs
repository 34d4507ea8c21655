using MsSrConvert.GraphIR;
using MsSrConvert.Passes.Tests.Support;
using Xunit;

namespace MsSrConvert.Passes.Tests.Plan;

public class SizeSolverTests
{
    [Theory]
    [InlineData(2, 2), InlineData(3, 4), InlineData(4, 8), InlineData(5, 16)]
    public void A_network_at_one_scale_needs_a_multiple_of_2_to_the_n_minus_1(int branches, long multiple) =>
        Assert.Equal(multiple, Multiple(TinyGraphs.Between((net, x) => net.Relu(x)), branches));

    [Theory]
    [InlineData(2, 2, 4), InlineData(4, 2, 8), InlineData(4, 3, 16), InlineData(3, 2, 6)]
    public void A_downscale_nests_in_the_branches_scales(int downscale, int branches, long multiple) => Assert.Equal(
        multiple,
        Multiple(
            TinyGraphs.Between((net, x) => net.Resize(net.Conv(net.MaxPool(x, downscale, downscale), "a", 12, 3), downscale)),
            branches));

    [Fact]
    public void Channel_attention_needs_no_larger_multiple() => Assert.Equal(2, Multiple(TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.Conv(net.GlobalAveragePool(x), "gate", 12, 1)))), 2));

    [Fact]
    public void Enlarging_first_needs_no_larger_multiple() =>
        Assert.Equal(2, Multiple(TinyGraphs.Between((net, x) => net.MaxPool(net.Conv(net.Resize(x, 2), "a", 12, 3), 2, 2)), 2));

    [Fact]
    public void A_downscaled_side_path_of_little_work_is_not_worth_a_larger_multiple() =>
        Assert.Equal(2, Multiple(TinyGraphs.Between((net, x) =>
    {
        for (var i = 0; i < 6; i++)
            x = net.Conv(x, $"trunk{i}", 32, 5);
        var side = net.Conv(net.Relu(net.Conv(net.Softmax(x, 1), "squeeze", 6, 1, stride: 8)), "side", 6, 1);
        return net.Concat(net.Softmax(x, 1), net.Softmax(net.Resize(side, 8), 1));
    }, channels: 32), 2));

    [Fact]
    public void A_static_size_is_rounded_up()
    {
        var model = TinyGraphs.Of(Shape.Known(1, 3, 7, 8), (net, x) => net.Conv(net.Conv(x, "head", 12, 3), "tail", 3, 3));
        var sizes = model.Planned().InputSizes;
        Assert.Equal("[1, 3, 8, 8]", sizes.Shapes.ShapeOf(sizes.Images.Single().Value)!.ToString());
    }

    private static long Multiple(Model model, int branches) =>
        model.Planned(new() { Branches = branches }).InputSizes.Multiple;
}
