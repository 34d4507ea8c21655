using MsSrConvert.Passes.Rewrite;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class RandomInitializerTests
{
    private static readonly ConvKernel Source = new(new float[64 * 64 * 9], 64, 64, 1, 3, 3, transposed: false);

    [Fact]
    public void The_same_seed_and_name_give_the_same_kernel() => Assert.Equal(Kernel(3, "a"), Kernel(3, "a"));

    [Fact]
    public void Another_seed_or_another_name_gives_another_kernel()
    {
        Assert.NotEqual(Kernel(3, "a"), Kernel(4, "a"));
        Assert.NotEqual(Kernel(3, "a"), Kernel(3, "b"));
    }

    [Theory]
    [InlineData(1), InlineData(3)]
    public void The_variance_is_two_over_the_inputs_of_all_kernels_that_add_up(int summands)
    {
        var values = Kernel(3, "a", summands);
        var variance = values.Average(v => (double)v * v);
        Assert.InRange(variance * 64 * 9 * summands / 2, 0.97, 1.03);
        Assert.InRange(values.Average() * Math.Sqrt(64 * 9), -0.02, 0.02);
    }

    [Fact]
    public void Grouped_kernels_count_the_inputs_of_one_group()
    {
        var kernel = new RandomInitializer(3).Kernel(Source, new KernelRequest("a", [(All, All)], 4, 1));
        Assert.Equal([64, 16, 3, 3], kernel.Dims);
        Assert.InRange(kernel.Values.ToArray().Average(v => (double)v * v) * 16 * 9 / 2, 0.95, 1.05);
    }

    [Fact]
    public void Values_do_not_change_between_versions() => Assert.Equal(
        [-0.13683, 0.11447, -0.05], Kernel(0, "conv.weight/same").Take(3).Select(v => Math.Round(v, 5)));

    [Fact]
    public void Biases_start_at_zero() => Assert.Equal([0, 0], new RandomInitializer(1).Bias([1, 2, 3, 4], [[0, 1], [2, 3]]));

    private static int[] All => [.. Enumerable.Range(0, 64)];

    private static float[] Kernel(long seed, string name, int summands = 1) =>
        new RandomInitializer(seed).Kernel(Source, new KernelRequest(name, [(All, All)], 1, summands)).Values.ToArray();
}
