using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Plan;
using MsSrConvert.Passes.Tests.Oracle;
using MsSrConvert.Passes.Tests.Support;
using MsSrConvert.Zoo;
using Xunit;

namespace MsSrConvert.Passes.Tests.Sizes;

/// <summary>
/// Networks in which it matters where a map ends, or whose sizes don't divide: right at every size, with images in the finest
/// branch.
/// </summary>
public class EverySizeTests
{
    private static readonly (int, int)[] Sizes = [(48, 48), (37, 53), (6, 6), (5, 9), (10, 14), (4, 4), (12, 12), (36, 20)];

    [Fact]
    public void A_light_strided_path_beside_a_heavy_one() => IsRight(() => TinyGraphs.Between((net, x) =>
    {
        for (var i = 0; i < 4; i++)
            x = net.Relu(net.Conv(x, $"heavy{i}", 12, 3));
        var light = net.Conv(net.Relu(net.Conv(x, "light", 8, 3, stride: 2)), "small", 3, 3);
        net.Output(light, new Shape(Dim.Of("batch"), 3, Dim.Of("h2"), Dim.Of("w2")), "half");
        return x;
    }));

    [Fact]
    public void A_strided_conv_as_the_fusion_layer() => IsRight(() => TinyGraphs.Of((net, x) =>
        net.Conv(net.Relu(net.Conv(net.Relu(net.Conv(x, "a", 8, 3)), "b", 8, 3)), "c", 3, 3, stride: 2)));

    [Fact]
    public void A_static_size_that_can_be_halved_a_few_times_only() =>
        IsRight(() => TinyGraphs.Of(Shape.Known(1, 3, 16, 24), (net, x) =>
    {
        for (var i = 0; i < 3; i++)
            x = net.Relu(net.Conv(x, $"down{i}", 8, 3, stride: 2));
        for (var i = 0; i < 3; i++)
            x = net.Conv(net.Resize(x, 2), $"up{i}", i == 2 ? 3 : 8, 3);
        return x;
    }));

    [Theory]
    [InlineData(2), InlineData(3)]
    public void Maps_joined_along_a_side(int axis) => IsRight(() => TinyGraphs.Between((net, x) =>
    {
        net.Output(net.Emit("Concat", 3, net.Graph.Inputs[0], net.Graph.Inputs[0]).With("axis", axis).Output, Named("joined"),
            "joined");
        return net.Conv(x, "a", 12, 3);
    }));

    [Fact]
    public void Maps_turned_over() => IsRight(() => TinyGraphs.Between((net, x) =>
    {
        net.Output(Turned(net, net.Graph.Inputs[0], 3), Named("turned"), "turned");
        return net.Add(net.Conv(x, "a", 12, 3), Turned(net, net.Conv(x, "b", 12, 3), 12));
    }));

    [Fact]
    public void Corners_that_are_aligned() => IsRight(() => TinyGraphs.Between((net, x) =>
    {
        var large = net.Resize(net.Relu(net.Conv(x, "a", 12, 3)), 2, "linear");
        large.Producer!.With("coordinate_transformation_mode", "align_corners");
        return net.Relu(net.Conv(large, "b", 12, 3));
    }));

    [Fact]
    public void A_map_pooled_and_brought_back_to_a_size() => IsRight(() => TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.ResizeLike(net.Conv(net.MaxPool(x, 2, 2), "a", 12, 3), x)))));

    [Fact]
    public void A_mean_over_the_map() => IsRight(() => TinyGraphs.Between((net, x) =>
        net.Mul(x, net.Sigmoid(net.Conv(net.GlobalAveragePool(net.Conv(x, "a", 12, 3)), "gate", 12, 1)))));

    [Fact]
    public void Statistics_over_the_map() =>
        IsRight(() => TinyGraphs.Between((net, x) => net.InstanceNorm(net.Conv(x, "a", 12, 3), "norm")));

    [Fact]
    public void A_size_for_one_input_that_doubles() => IsRight(() => TinyGraphs.Of(Shape.Known(1, 3, 37, 53), (net, x) =>
        net.Conv(net.Relu(net.Conv(net.ResizeTo(net.Conv(x, "a", 12, 3), net.Integers(1, 12, 74, 106)), "b", 12, 3)), "c", 3,
            3)));

    [Fact]
    public void A_size_for_one_input_that_comes_back() => IsRight(() => TinyGraphs.Of(Shape.Known(1, 3, 37, 53), (net, x) =>
    {
        var y = net.Relu(net.Conv(net.Relu(net.Conv(x, "a", 12, 3)), "b", 12, 3));
        var gate = net.ResizeTo(net.Conv(net.MaxPool(y, 2, 2), "c", 12, 3), net.Integers(1, 12, 37, 53), "linear");
        return net.Conv(net.Mul(y, net.Sigmoid(gate)), "d", 3, 3);
    }));

    [Fact]
    public void A_conv_over_all_pixels_of_a_static_input()
    {
        var roles = IsRight(() => TinyGraphs.Of(Shape.Known(1, 3, 8, 8), (net, x) =>
        {
            var y = net.Relu(net.Conv(net.Relu(net.Conv(x, "a", 16, 3)), "b", 16, 3));
            return net.Conv(net.Mul(y, net.Sigmoid(net.Conv(y, "all", 16, 8, stride: 8, padding: 0))), "c", 3, 3);
        }));
        Assert.Equal(ConvRole.Kept, roles["/all/Conv"]);
    }

    [Fact]
    public void An_input_that_a_source_takes_in_multiples_only()
    {
        var roles = IsRight(() => TinyGraphs.Between((net, x) =>
            net.Conv(net.Concat(net.Resize(net.Conv(net.MaxPool(x, 2, 2), "a", 12, 3), 2), x), "b", 12, 3)));
        Assert.All(roles.Values, role => Assert.NotEqual(ConvRole.Kept, role));
    }

    [Fact]
    public void A_kernel_that_is_an_input_keeps_its_pixels()
    {
        var model = TinyGraphs.Between((net, x) =>
        {
            var kernel = net.Input(Shape.Known(1, 1, 25, 25), "kernel");
            var mean = net.GlobalAveragePool(kernel);
            net.Output(mean, Shape.Known(1, 1, 1, 1), "mean");
            return net.Add(x, net.Conv(mean, "spread", 12, 1));
        }).Converted();
        using var session = OrtRun.Open(model);
        var noise = OrtRun.Noise(2, 1, 1, 25, 25);
        var mean = session.Run(
            new Dictionary<string, Runtime.Tensor>
            { ["input"] = OrtRun.Noise(1, 1, 3, 5, 7), ["kernel"] = noise })["mean"];
        Assert.Equal(noise.Data.Average(), mean.Data[0], 1e-5);
    }

    [Fact]
    public void An_output_that_is_cut_out_of_another_keeps_its_name_and_size() => IsRight(() => TinyGraphs.Of((net, x) =>
    {
        var y = net.Relu(net.Conv(x, "a", 12, 3, padding: 0));
        net.Output(y, Named("whole", 12), "whole");
        var cut = net.Crop(y, 2);
        net.Output(cut, Named("cut", 12), "cut");
        return net.Conv(net.Add(cut, net.Conv(net.Conv(y, "b", 12, 3, padding: 0), "c", 12, 3, padding: 0)), "d", 3, 3,
            padding: 0);
    }));

    [Fact]
    public void Padding_is_not_dearer_than_what_it_brings_in()
    {
        var result = Converter.Convert(TinyGraphs.Of(Shape.Known(1, 3, 48, 64), (net, x) =>
        {
            var y = net.Relu(net.Conv(x, "a", 16, 3));
            var mean = net.Emit("AveragePool", 16, y).With("kernel_shape", [24, 32]).With("strides", [1, 1]).Output;
            var spread = net.Emit("Pad", 16, mean, net.Integers(0, 0, 11, 15, 0, 0, 12, 16)).With("mode", "edge").Output;
            return net.Conv(net.Relu(net.Conv(net.Mul(y, net.Sigmoid(net.Conv(spread, "gate", 16, 1))), "b", 16, 3)), "c", 3, 3);
        }), new ConversionOptions { Branches = 4 }, new TestStart());
        Assert.Equal(8, result.Plan.InputSizes.Multiple);
    }

    // Gives the roles with two branches.
    private static Dictionary<string, ConvRole> IsRight(Func<Model> build)
    {
        foreach (var branches in new[] { 4, 3, 2 })
        {
            var result = IdentityOracle.Check(build, new ConversionOptions { Branches = branches }, Sizes);
            Assert.True(result.Differences.Count == 0, $"{branches} branches:\n{string.Join("\n", result.Differences)}");
            Assert.True(result.Sizes > 0 && result.Convs > 0,
                $"{branches} branches: {result.Convs} convs take part, {result.Sizes} sizes were compared.");
        }

        return Converter.Convert(build(), new ConversionOptions(), new TestStart()).Plan.Convs.ToDictionary(c => c.Node.Name,
            c => c.Role);
    }

    private static Shape Named(string name, int channels = 3) =>
        new(Dim.Of("batch"), channels, Dim.Of($"{name}_rows"), Dim.Of($"{name}_columns"));

    private static Value Turned(NetBuilder net, Value x, int channels) =>
        net.Emit("Slice", channels, x, net.Integers(-1), net.Integers(long.MinValue + 1), net.Integers(2),
            net.Integers(-1)).Output;
}
