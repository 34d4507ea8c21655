using MsSrConvert.GraphIR;
using Xunit;

namespace MsSrConvert.Method.Tests;

public sealed class ResamplingTests
{
    private readonly Graph _graph = new("net");
    private readonly Value _x;

    public ResamplingTests() => _x = _graph.AddInput(new Value("x"));

    private Node Down() => Resampling.Down(_x, new Value("down"), "down");

    private Node Up() => Resampling.Up(_x, Resampling.Factors(_graph), new Value("up"), "up");

    [Fact]
    public void What_is_made_is_recognised()
    {
        Assert.True(Resampling.IsDown(Down()));
        Assert.True(Resampling.IsUp(Up()));
        Assert.False(Resampling.IsDown(Up()) || Resampling.IsUp(Down()) || Resampling.IsUp(null) || Resampling.IsDown(null));
        Assert.Same(Resampling.Factors(_graph), Resampling.Factors(_graph));
    }

    [Fact]
    public void Pooling_of_another_kind_is_not_the_methods()
    {
        Assert.False(Resampling.IsDown(Down().With("kernel_shape", [3, 3])));
        Assert.False(Resampling.IsDown(Down().With("strides", [1, 1])));
        Assert.False(Resampling.IsDown(Down().With("pads", [0, 0, 1, 1])));
        Assert.False(Resampling.IsDown(Down().With("ceil_mode", 1)));
        Assert.False(Resampling.IsDown(Down().With("dilations", [2, 2])));
        Assert.False(Resampling.IsDown(Down().With("auto_pad", "SAME_UPPER")));
    }

    [Fact]
    public void Resizing_of_another_kind_is_not_the_methods()
    {
        Value Factors(params float[] values) => _graph.AddInitializer("other", TensorData.Of(values, values.Length));
        Assert.False(Resampling.IsUp(Up().With("mode", "linear")));
        Assert.False(Resampling.IsUp(Up().With("coordinate_transformation_mode", "half_pixel")));
        Assert.False(Resampling.IsUp(Up().With("nearest_mode", "ceil")));
        Assert.False(Resampling.IsUp(Up().With("axes", [0, 1, 2, 3])));
        Assert.False(Resampling.IsUp(Resampling.Up(_x, Factors(1, 1, 3, 3), new Value("y"), "y")));
        Assert.False(Resampling.IsUp(Resampling.Up(_x, _x, new Value("y"), "y")));
    }
}
