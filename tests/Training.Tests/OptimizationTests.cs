using MsSrConvert.Operators;
using MsSrConvert.Runtime;
using MsSrConvert.Training.Execution;
using MsSrConvert.Training.Loop;
using MsSrConvert.Training.Optimization;
using MsSrConvert.Training.Tensors;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MsSrConvert.Training.Tests;

/// <summary>The optimiser's arithmetic.</summary>
public sealed class OptimizationTests : IDisposable
{
    private readonly Workshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public void Adam_does_what_torchs_own_does_on_every_tensor_by_itself()
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(ModelFile.Read(_workshop.Network()), CPU);
        using var weights = network.Weights(trained: true);
        using var adam = new Adam(weights);
        var twins = weights.Values.Select(v => new TorchSharp.Modules.Parameter(weights[v].detach().clone())).ToArray();
        using var reference = optim.Adam(twins, lr: 0.01);
        for (var step = 1; step <= 5; step++)
        {
            var gradient = tensor(RandomInput.Of((ulong)step, -1, 1, weights.Vector.numel()).Data);
            weights.Gradient!.copy_(gradient);
            var at = 0L;
            foreach (var twin in twins)
            {
                twin.grad = gradient.narrow(0, at, twin.numel()).view(twin.shape).clone();
                at += twin.numel();
            }

            reference.step();
            Assert.True(adam.Step(step, 0.01, clip: 0));
        }

        Assert.All(weights.Values.Zip(twins), p => Assert.True(Scalars.Read((weights[p.First] - p.Second).abs().max()) < 1e-6));
    }

    [Fact]
    public void A_gradient_is_shortened_to_the_largest_norm_and_refused_when_it_is_not_finite()
    {
        using var scope = NewDisposeScope();
        using var network = new TorchNetwork(ModelFile.Read(_workshop.Network()), CPU);
        using var weights = network.Weights(trained: true);
        using var adam = new Adam(weights);
        weights.Gradient!.fill_(Scalars.One);
        adam.Step(1, 0.01, clip: 0.5);
        Assert.Equal(0.5, Scalars.Read(weights.Gradient!.norm()), 4);
        var before = weights.ToArray();
        using var noNumber = float.NaN.ToScalar();
        weights.Gradient!.fill_(noNumber);
        Assert.False(adam.Step(2, 0.01, clip: 0.5));
        Assert.Equal(before, weights.ToArray());
    }

    [Fact]
    public void The_average_follows_fast_at_first_and_slowly_later()
    {
        using var network = new TorchNetwork(ModelFile.Read(_workshop.Network()), CPU);
        using var state = new TrainingState(network, "");
        var start = state.Average.ToArray()[0];
        FlatWeights.Set(state.Weights.Vector, [.. Enumerable.Repeat(1f, (int)state.Weights.Vector.numel())]);
        state.Step = 1;
        state.Follow(0.9);
        Assert.Equal(start + (1 - 2.0 / 11) * (1 - start), state.Average.ToArray()[0], 5);
        FlatWeights.Set(state.Weights.Vector, [.. Enumerable.Repeat(2f, (int)state.Weights.Vector.numel())]);
        var before = state.Average.ToArray()[0];
        state.Step = 1000;
        state.Follow(0.9);
        Assert.Equal(0.9 * before + 0.1 * 2, state.Average.ToArray()[0], 5);
    }

    [Theory]
    [InlineData(0, 0.01), InlineData(0.05, 0.5), InlineData(0.1, 1), InlineData(0.55, 0.5), InlineData(1, 0)]
    public void The_rate_rises_in_a_line_and_falls_along_a_cosine(double progress, double share) =>
        Assert.Equal(share, Schedule.RateAt(1, progress, 0.1), 6);

    [Fact]
    public void Losses_are_shares_of_the_range()
    {
        using var scope = NewDisposeScope();
        using var range = 255.ToScalar();
        var (a, b) = (tensor(new[] { 0f, 255f }), tensor(new[] { 51f, 255f }));
        Assert.Equal(0.1, Scalars.Read(PixelLoss.L1.Between(a, b, range)), 6);
        Assert.Equal((Math.Sqrt(0.04 + 1e-6) + 1e-3) / 2, Scalars.Read(PixelLoss.Charbonnier.Between(a, b, range)), 6);
    }
}
