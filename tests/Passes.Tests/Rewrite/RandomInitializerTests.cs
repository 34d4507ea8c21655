using MsSrConvert.Passes.Rewrite;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class RandomInitializerTests
{
    [Fact]
    public void The_same_seed_and_name_give_the_same_kernel() => Assert.Equal(Kernel(3, "a"), Kernel(3, "a"));

    [Fact]
    public void Another_seed_or_another_name_gives_another_kernel()
    {
        Assert.NotEqual(Kernel(3, "a"), Kernel(4, "a"));
        Assert.NotEqual(Kernel(3, "a"), Kernel(3, "b"));
    }

    [Theory]
    [InlineData(32, 0.1f), InlineData(64, 0.1f), InlineData(22, 0.003f)]
    public void The_gain_is_the_sources(int width, float spread)
    {
        var kernel = Kernel(Source(spread), width, groups: 1);
        Assert.Equal([width, width, 3, 3], kernel.Dims);
        Assert.InRange(MeanSquare(kernel) * width / (spread * spread * 64), 0.95, 1.05);
        Assert.InRange(kernel.Values.ToArray().Average() / spread, -0.05, 0.05);
    }

    [Fact]
    public void Grouped_kernels_count_the_inputs_of_one_group()
    {
        // 16 inputs a group become 8.
        var kernel = Kernel(Source(0.1f, groups: 4), 32, groups: 4);
        Assert.Equal([32, 8, 3, 3], kernel.Dims);
        Assert.InRange(MeanSquare(kernel) / (2 * 0.01), 0.9, 1.1);
    }

    [Fact]
    public void Depthwise_kernels_keep_their_spread()
    {
        var kernel = Kernel(Source(0.1f, groups: 64), 32, groups: 32);
        Assert.Equal([32, 1, 3, 3], kernel.Dims);
        Assert.InRange(MeanSquare(kernel) / 0.01, 0.8, 1.2);
    }

    [Fact]
    public void Transposed_kernels_count_the_inputs_though_they_stand_first()
    {
        var source = new ConvKernel([.. Enumerable.Repeat(0.1f, 64 * 16 * 9)], 16, 64, 1, 3, 3, transposed: true);
        var kernel = new RandomInitializer(3).Kernel(source, Request([.. Enumerable.Range(0, 8)], Channels(32), 1));
        Assert.Equal([32, 8, 3, 3], kernel.Dims);
        Assert.InRange(MeanSquare(kernel) / (2 * 0.01), 0.95, 1.05);
    }

    [Fact]
    public void Kernels_that_join_others_are_zero() => Assert.All(
        new RandomInitializer(3)
            .Kernel(Source(0.1f), Request(Channels(32), Channels(32), 1) with { Joins = true }).Values.ToArray(),
        value => Assert.Equal(0, value));

    [Fact]
    public void Values_do_not_change_between_versions() => Assert.Equal(
        [-0.32839, 0.27472, -0.12001], Kernel(0, "conv.weight/same").Take(3).Select(v => Math.Round(v, 5)));

    [Fact]
    public void Biases_start_at_zero() => Assert.Equal([0, 0], new RandomInitializer(1).Bias([1, 2, 3, 4], [[0, 1], [2, 3]]));

    private static int[] Channels(int count) => [.. Enumerable.Range(0, count)];

    private static KernelRequest Request(int[] outs, int[] ins, int groups) => new("a", [(outs, ins)], groups, Joins: false);

    // All elements alike: the kernel's mean is no part of its spread.
    private static ConvKernel Source(float spread, int groups = 1) =>
        new([.. Enumerable.Repeat(spread, 64 * (64 / groups) * 9)], 64, 64, groups, 3, 3, transposed: false);

    private static ConvKernel Kernel(ConvKernel source, int width, int groups) =>
        new RandomInitializer(3).Kernel(source, Request(Channels(width), Channels(width), groups));

    private static float[] Kernel(long seed, string name) => new RandomInitializer(seed)
        .Kernel(Source(0.1f), Request(Channels(32), Channels(32), 1) with { Name = name }).Values.ToArray();

    private static double MeanSquare(ConvKernel kernel) => kernel.Values.ToArray().Average(v => (double)v * v);
}
