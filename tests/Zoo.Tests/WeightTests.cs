using MsSrConvert.GraphIR;
using MsSrConvert.Zoo.Networks;
using Xunit;

namespace MsSrConvert.Zoo.Tests;

public class WeightTests
{
    [Fact]
    public void Weights_are_the_same_bits_on_every_platform()
    {
        var weights = Weights(SrResNet.Create(7, blocks: 1, channels: 4), "head.weight");
        var bits = weights.Take(4).Select(BitConverter.SingleToUInt32Bits);
        Assert.Equal([3157208563u, 1048799732u, 1043838406u, 3183494268u], bits);
    }

    [Fact]
    public void Weights_are_Kaiming_normal()
    {
        var weights = Weights(SrResNet.Create(1), "upsample.0.conv.weight");
        var expected = Math.Sqrt(2.0 / (64 * 9));
        var deviation = Math.Sqrt(weights.Average(w => (double)w * w));
        Assert.InRange(weights.Average(), -0.01 * expected, 0.01 * expected);
        Assert.InRange(deviation / expected, 0.99, 1.01);
        // A normal distribution holds 68.27 % within one deviation and 0.27 % beyond three.
        Assert.InRange(weights.Count(w => Math.Abs(w) < expected) / (double)weights.Length, 0.677, 0.689);
        Assert.InRange(weights.Count(w => Math.Abs(w) > 3 * expected) / (double)weights.Length, 0.002, 0.0035);
    }

    [Fact]
    public void A_layer_keeps_its_weights_when_others_are_added() =>
        Assert.Equal(
            Weights(SrResNet.Create(1, blocks: 1, channels: 8), "tail.conv2.weight"),
            Weights(SrResNet.Create(1, blocks: 3, channels: 8), "tail.conv2.weight"));

    [Fact]
    public void Layers_have_different_weights()
    {
        var model = SrResNet.Create(1, blocks: 2, channels: 8);
        Assert.NotEqual(Weights(model, "body.0.conv1.weight"), Weights(model, "body.1.conv1.weight"));
    }

    private static float[] Weights(Model model, string name) =>
        model.Graph.Initializers.Single(v => v.Name == name).Initializer!.ToFloats();
}
