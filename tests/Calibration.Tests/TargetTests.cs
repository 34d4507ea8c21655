using MsSrConvert.Calibration.Features;
using MsSrConvert.Calibration.Targets;
using MsSrConvert.GraphIR;
using MsSrConvert.Runtime;
using Xunit;

namespace MsSrConvert.Calibration.Tests;

public class TargetTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_shuffle_goes_forth_and_back(bool depthFirst)
    {
        var x = new Planar(RandomInput.Of(1, -1, 1, 8, 4, 6).Data, 8, 4, 6);
        var step = new ShuffleStep(2, depthFirst);

        var wide = step.Forth(x, default);

        Assert.Equal((2, 8, 12), (wide.Count, wide.Height, wide.Width));
        // Channel 1's second pixel of the first row: the block's place (0, 1).
        Assert.Equal(x[depthFirst ? 1 * 2 + 1 : 1 * 4 + 1][0], wide[1][1]);
        Assert.Equal(x.Data, step.Back(wide, default).Data);
    }

    [Fact]
    public void Sums_and_constants_are_taken_back()
    {
        var (x, other) = (new Planar(RandomInput.Of(1, -1, 1, 2, 4, 4).Data, 2, 4, 4),
            new Planar(RandomInput.Of(2, -1, 1, 2, 4, 4).Data, 2, 4, 4));
        ITargetStep[] steps =
        [
            new SumStep(_ => other, 1, 1), new SumStep(_ => other, -1, 1), new SumStep(_ => other, 1, -1),
            new AffineStep(_ => [2, 0.5f], _ => [1, -3]),
        ];
        foreach (var step in steps)
        {
            var back = step.Back(step.Forth(x, default), default);
            for (var i = 0; i < x.Data.Length; i++)
                Assert.Equal(x.Data[i], back.Data[i], 1e-5f);
        }
    }

    [Theory]
    [InlineData("Relu")]
    [InlineData("LeakyRelu")]
    [InlineData("Tanh")]
    [InlineData("Sigmoid")]
    [InlineData("Elu")]
    [InlineData("Softplus")]
    [InlineData("HardSwish")]
    [InlineData("Mish")]
    [InlineData("Gelu")]
    [InlineData("Selu")]
    [InlineData("Swish")]
    public void Coming_closer_to_the_aim_never_makes_the_activation_s_error_larger(string op)
    {
        var activation = Activations.Of(new Node(op, [new Value("x")], [new Value("y")]), _ => [0.2f])!;
        var numbers = RandomInput.Of(3, -3, 3, 400).Data;
        for (var i = 0; i < numbers.Length; i += 2)
        {
            var (x, wanted) = (numbers[i], activation.Value(numbers[i + 1], 0));
            var aim = activation.Aim(x, wanted, 0);
            var before = Math.Abs(activation.Value(x, 0) - wanted);
            foreach (var share in new[] { 0.25f, 0.5f, 1f })
                Assert.InRange(Math.Abs(activation.Value(x + share * (aim - x), 0) - wanted), 0, before + 2e-3);
        }
    }

    [Theory]
    [InlineData("Gelu", -0.75f, -0.169971f)]
    [InlineData("Selu", -1, -1.1113307f)]
    [InlineData("Celu", -1, -0.6321206f)]
    [InlineData("HardSigmoid", 0.5f, 0.6f)]
    public void An_activation_is_the_operator_s_own_function(string op, float x, float expected) =>
        Assert.Equal(expected, Activations.Of(new Node(op, [new Value("x")], [new Value("y")]), _ => [])!.Value(x, 0), 1e-6f);

    [Fact]
    public void An_activation_has_the_node_s_own_numbers()
    {
        var selu = new Node("Selu", [new Value("x")], [new Value("y")]).With("alpha", 2f).With("gamma", 0.5f);

        Assert.Equal(0.5f * 2 * (MathF.Exp(-1) - 1), Activations.Of(selu, _ => [])!.Value(-1, 0), 1e-6f);
    }

    [Theory]
    [InlineData("Round")]
    [InlineData("ThresholdedRelu")]
    [InlineData("Exp")]
    [InlineData("Softmax")]
    public void What_jumps_or_grows_without_bound_is_no_activation(string op) =>
        Assert.False(Activations.IsActivation(new Node(op, [new Value("x")], [new Value("y")])));

    [Fact]
    public void What_lies_beyond_a_clip_s_bound_needs_nothing()
    {
        var clip = new ClipActivation(0, 1);

        Assert.Equal(1.7f, clip.Aim(1.7f, 1, 0));
        Assert.Equal(-0.4f, clip.Aim(-0.4f, 0, 0));
        Assert.Equal(0.3f, clip.Aim(2, 0.3f, 0));
    }
}
