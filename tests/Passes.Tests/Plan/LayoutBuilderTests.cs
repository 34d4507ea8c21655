using MsSrConvert.GraphIR;
using MsSrConvert.Method;
using MsSrConvert.Passes.Branching;
using MsSrConvert.Passes.Plan;
using Xunit;

namespace MsSrConvert.Passes.Tests.Plan;

public class LayoutBuilderTests
{
    private readonly ChannelSegments _segments = new();
    private readonly Value _value = new("x");

    [Fact]
    public void Channels_that_divide_are_shared_out_in_order() => Assert.Equal([[0, 1, 2, 3], [4, 5, 6, 7]], Layout(8, 2));

    [Fact]
    public void Sixty_four_channels_become_three_branches_of_22_with_two_padding_channels()
    {
        var layout = Layout(64, 3);
        Assert.Equal([22, 22, 22], layout.Select(b => b.Length));
        Assert.Equal([.. Enumerable.Range(44, 20), ~44, ~45], layout[2]);
    }

    [Theory]
    [InlineData(64, 3, 8, 24), InlineData(64, 2, 8, 32), InlineData(60, 2, 8, 32), InlineData(12, 4, 4, 4)]
    public void Branches_are_rounded_up_to_the_alignment(int channels, int branches, int align, int width) =>
        Assert.All(Layout(channels, branches, align), branch => Assert.Equal(width, branch.Length));

    [Fact]
    public void Every_segment_is_shared_out_by_itself()
    {
        _segments.AddValue(_value, 9);
        _segments.Cut(_value, 5);
        Assert.Equal([[0, 1, 2, 5, 6], [3, 4, ~3, 7, 8]], Layout(9, 2));
    }

    [Fact]
    public void Units_stay_together()
    {
        var wide = new Value("wide");
        _segments.AddValue(_value, 12);
        _segments.AddValue(wide, 3);
        _segments.Link(new ChannelLink(_value, 0, 4, wide, 0, 1, 3));
        Assert.Equal([[0, 1, 2, 3, 4, 5, 6, 7], [8, 9, 10, 11, ~8, ~9, ~10, ~11]], Layout(12, 2));
    }

    [Fact]
    public void A_branch_of_padding_alone_repeats_the_class_from_its_start() =>
        Assert.Equal([[0, 1], [2, 3], [~0, ~1]], Layout(4, 3, align: 2));

    [Fact]
    public void Repeated_channels_are_in_every_branch()
    {
        _segments.AddValue(_value, 7);
        _segments.Repeat(_value, 4, 3);
        Assert.Equal([[0, 1, 4, 5, 6], [2, 3, 4, 5, 6]], Layout(7, 2));
    }

    [Fact]
    public void Groups_are_even_when_every_branch_has_a_part_of_each()
    {
        Assert.True(LayoutBuilder.HasEvenGroups(new BranchLayout([[0, 1, 4, 5], [2, 3, 6, 7]]), channels: 8, groups: 2));
        Assert.False(LayoutBuilder.HasEvenGroups(new BranchLayout([[0, 1, 2, 3], [4, 5, 6, 7]]), channels: 8, groups: 2));
        Assert.False(LayoutBuilder.HasEvenGroups(new BranchLayout([[0, 1, 2], [3, 4, 5]]), channels: 6, groups: 2));
    }

    [Fact]
    public void Padding_belongs_to_any_group() =>
        Assert.True(LayoutBuilder.HasEvenGroups(new BranchLayout([[0, 1, 3, 4], [2, -1, 5, -1]]), channels: 6, groups: 2));

    [Fact]
    public void A_layout_knows_whether_it_is_the_sources_order()
    {
        Assert.True(new BranchLayout([[0, 1], [2, 3]]).IsContiguous);
        Assert.False(new BranchLayout([[0, 2], [1, 3]]).IsContiguous);
        Assert.False(new BranchLayout([[0, 1], [2, -1]]).IsContiguous);
    }

    [Fact]
    public void Layouts_compare_by_their_channels()
    {
        Assert.Equal(new BranchLayout([[0, 1], [2, 3]]), new BranchLayout([[0, 1], [2, 3]]));
        Assert.NotEqual(new BranchLayout([[0, 1], [2, 3]]), new BranchLayout([[0, 2], [1, 3]]));
        Assert.Equal(new BranchLayout([[0, 1]]).GetHashCode(), new BranchLayout([[0, 1]]).GetHashCode());
    }

    [Fact]
    public void Branches_of_different_width_are_refused() =>
        Assert.Throws<ArgumentException>(() => new BranchLayout([[0, 1], [2]]));

    private int[][] Layout(long channels, int branches, int align = 1)
    {
        _segments.AddValue(_value, channels);
        _segments.Solve();
        var layout = LayoutBuilder.Build(_segments, _value, new ConversionOptions { Branches = branches, ChannelAlign = align },
            new ChannelOrder(_segments, [], null));
        return [.. Enumerable.Range(0, layout.Branches).Select(b => layout[b].ToArray())];
    }

    // Two groups of four channels: each branch must carry two of either, the first group's in front.
    [Theory]
    [InlineData(true, new[] { 0, 1, 4, 5 }, new[] { 2, 3, 6, 7 })]
    [InlineData(false, new[] { 0, 1, 2, 3 }, new[] { 4, 5, 6, 7 })]
    [InlineData(false, new[] { 4, 5, 0, 1 }, new[] { 2, 3, 6, 7 })]
    [InlineData(false, new[] { 0, 1, 2, 4, 5 }, new[] { 3, ~0, 6, 7, ~4 })]
    [InlineData(true, new[] { 0, ~0, 4, ~4 }, new[] { 1, 2, 5, 6 })]
    public void Groups_are_even_where_every_branch_carries_as_much_of_each(bool even, int[] first, int[] second) =>
        Assert.Equal(even, LayoutBuilder.HasEvenGroups(new BranchLayout([first, second]), 8, 2));
}
