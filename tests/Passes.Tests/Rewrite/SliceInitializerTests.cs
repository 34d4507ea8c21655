using MsSrConvert.Passes.Rewrite;
using Xunit;

namespace MsSrConvert.Passes.Tests.Rewrite;

public class SliceInitializerTests
{
    private static readonly SliceInitializer Start = new();

    [Fact]
    public void A_shared_kernel_is_the_mean_of_the_blocks_on_the_diagonal()
    {
        var kernel = Start.Kernel(Numbered(4, 4), Request([([0, 1], [0, 1]), ([2, 3], [2, 3])]));
        Assert.Equal([2, 2, 1, 1], kernel.Dims);
        // From input i to output o stands 10 o + i: (00+22)/2, (01+23)/2, (10+32)/2, (11+33)/2.
        Assert.Equal([11, 12, 21, 22], kernel.Values.ToArray());
    }

    [Fact]
    public void A_cross_kernel_is_the_block_between_its_channels() =>
        Assert.Equal([2, 3, 12, 13], Start.Kernel(Numbered(4, 4), Request([([0, 1], [2, 3])])).Values.ToArray());

    [Fact]
    public void A_padding_output_is_a_copy_of_its_channel() =>
        Assert.Equal([20, 21, 30, 31, 20, 21], Start.Kernel(Numbered(4, 4), Request([([2, 3, ~2], [0, 1])])).Values.ToArray());

    [Fact]
    public void A_padding_input_adds_nothing() =>
        Assert.Equal([0, 0, 10, 0], Start.Kernel(Numbered(4, 4), Request([([0, 1], [0, -1])])).Values.ToArray());

    [Fact]
    public void A_branch_of_padding_alone_is_made_of_copies() =>
        Assert.Equal([2, 3, 2, 3], Start.Kernel(Numbered(4, 4), Request([([~0, ~0], [2, 3])])).Values.ToArray());

    [Fact]
    public void A_transposed_kernel_is_sliced_the_same_way_with_its_axes_swapped()
    {
        var source = new ConvKernel([.. Enumerable.Range(0, 16).Select(k => 10f * (k % 4) + k / 4)], 4, 4, 1, 1, 1,
            transposed: true);
        var kernel = Start.Kernel(source, Request([([0, 1, 2], [3])]));
        Assert.Equal([1, 3, 1, 1], kernel.Dims);
        Assert.Equal([3, 13, 23], kernel.Values.ToArray());
    }

    [Fact]
    public void Kept_groups_are_sliced_within_each_group()
    {
        // Two groups of two: output o sees inputs 2g and 2g+1; the element is 10 o + (input within the group).
        var source = new ConvKernel([.. Enumerable.Range(0, 8).Select(k => 10f * (k / 2) + k % 2)], 4, 4, 2, 1, 1,
            transposed: false);
        var kernel = Start.Kernel(source, Request([([0, 2], [0, 2]), ([1, 3], [1, 3])], groups: 2));
        Assert.Equal([2, 1, 1, 1], kernel.Dims);
        Assert.Equal([5.5f, 25.5f], kernel.Values.ToArray());
    }

    [Fact]
    public void Between_channels_of_different_groups_stands_zero()
    {
        var source = new ConvKernel([1, 2, 3, 4], 4, 4, 4, 1, 1, transposed: false);
        Assert.Equal([0, 0], Start.Kernel(source, Request([([0, 1], [2, 3])], groups: 2)).Values.ToArray());
    }

    [Fact]
    public void Windows_are_copied_whole()
    {
        var source = new ConvKernel([.. Enumerable.Range(0, 24).Select(k => (float)k)], 2, 2, 1, 2, 3, transposed: false);
        Assert.Equal([6, 7, 8, 9, 10, 11], Start.Kernel(source, Request([([0], [1])])).Values.ToArray());
    }

    [Fact]
    public void A_shared_bias_is_the_mean_over_the_branches() =>
        Assert.Equal([2, 3], Start.Bias([1, 2, 3, 4], [[0, 1], [2, 3]]));

    [Fact]
    public void A_padding_channel_takes_the_bias_of_the_channel_it_copies() =>
        Assert.Equal([1, 2, 2], Start.Bias([1, 2, 3, 4], [[0, 1, ~1]]));

    [Fact]
    public void Padding_has_no_part_in_a_mean_with_real_channels()
    {
        var kernel = Start.Kernel(Numbered(4, 4), Request([([0, 1], [0, 1]), ([2, ~2], [2, ~2])]));
        // (00+22)/2, then 01, 10 and 11 alone.
        Assert.Equal([11, 1, 10, 11], kernel.Values.ToArray());
        Assert.Equal([2, 2], Start.Bias([1, 2, 3, 4], [[0, 1], [2, ~2]]));
    }

    [Fact]
    public void A_depthwise_channel_that_only_copies_is_convolved_as_the_one_it_copies()
    {
        var source = new ConvKernel([1, 2, 3, 4], 4, 4, 4, 1, 1, transposed: false);
        Assert.Equal([3, 4, 4], Start.Kernel(source, Request([([2, 3, ~3], [2, 3, ~3])], groups: 3)).Values.ToArray());
    }

    private static KernelRequest Request(IReadOnlyList<(int[] Outs, int[] Ins)> uses, int groups = 1) =>
        new("kernel", uses, groups, Joins: false);

    private static ConvKernel Numbered(int outs, int ins) =>
        new([.. Enumerable.Range(0, outs * ins).Select(k => 10f * (k / ins) + k % ins)], outs, ins, 1, 1, 1, transposed: false);
}
